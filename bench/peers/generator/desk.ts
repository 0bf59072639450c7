/** Where a shopper asks for one unit and hears the decision: a connection over HTTP, or a socket of the line. */
export interface Decision {
  /** Empty for a refusal. */
  readonly claimId: string;
  readonly code: string;
}

export interface Desk {
  /**
   * `number` and `key` are the claim's: the same ones again are the same claim. Undefined when the desk was closed before
   * it answered.
   */
  claim(number: number, key: string): Promise<Decision | undefined>;
  close(): void;
}

export interface Desks {
  readonly all: readonly Desk[];
  /** In place of one that was closed, at another port. */
  reopen(at: number, port: number): Promise<Desk>;
}
