export type BareLineOrder =
  | { readonly t: 'serve' }
  /** Tells everybody. */
  | { readonly t: 'move'; readonly head: number };

export type BareLineReport = { readonly t: 'listening'; readonly port: number };
