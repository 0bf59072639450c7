/** What a peer's server is asked, and what it tells. */
export type PeerOrder =
  | { readonly t: 'serve'; readonly databaseUrl: string; readonly redisUrl: string | null }
  /** Something new to sell. */
  | { readonly t: 'stock'; readonly sku: string; readonly units: number }
  | { readonly t: 'count'; readonly sku: string };

export type PeerReport =
  | { readonly t: 'listening'; readonly port: number }
  | { readonly t: 'stocked' }
  /** Units that it would still sell. */
  | { readonly t: 'left'; readonly units: number };
