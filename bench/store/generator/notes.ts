/** What the generator is told, and what it tells. */
export interface Shot {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Fire {
  readonly t: 'fire';
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** All connections together; as fast as they are answered where it is not given. */
  readonly perSecond?: number;
  /** What each connection sends, one after the other and again; one list a connection, or one for all of them to mix. */
  readonly scripts: readonly (readonly Shot[])[];
}

export interface Fired {
  readonly t: 'fired';
  readonly requestsPerSecond: number;
  readonly requests: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly failed: number;
  /** All of them, in microseconds, of an open loop; empty of a closed one. hdr-histogram, compressed, base64. */
  readonly histogram: string;
}

/** Who can buy, and what: each of them again and again, one purchase at a time. */
export interface Buyer {
  readonly token: string;
  readonly sku: string;
}

export interface Buy {
  readonly t: 'buy';
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** Purchases of all connections together; as fast as they are answered where it is not given. */
  readonly perSecond?: number;
  readonly buyers: readonly Buyer[];
}

export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** In microseconds; hdr-histogram, compressed, base64. */
  readonly histogram: string;
}

export interface Bought {
  readonly t: 'bought';
  readonly ordersPerSecond: number;
  /** The ids of the orders, and the tokens of whose they are. */
  readonly orders: readonly { readonly id: string; readonly token: string }[];
  /** `POST /cart/checkout`, `POST /orders`, and both of one purchase together. */
  readonly checkout: Latency;
  readonly order: Latency;
  readonly both: Latency;
  /** When each order was answered: milliseconds since the first was due. */
  readonly answeredAtMs: readonly number[];
  readonly failed: number;
  /** The first answer that was none, for whoever looks for the reason. */
  readonly failure: string | null;
}
