/** What a bare process is asked to be: plain data, since it crosses processes. */
export interface BareRelay {
  readonly t: 'relay';
  readonly redisUrl: string;
  readonly outboxes: readonly string[];
  readonly broker: string;
  readonly topic: string;
}

export interface BareWriter {
  readonly t: 'write';
  readonly broker: string;
  readonly topic: string;
  readonly databaseUrl: string;
}

export type BareOrder = BareRelay | BareWriter;
export type BareReport = { readonly t: 'ready' };
