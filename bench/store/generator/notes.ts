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
}
