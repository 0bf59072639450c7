/** What somebody at the drop does, and what they can do: a kind of shopper is one of these. */

/** One socket of one shopper. */
export interface Visit {
  readonly at: number;
  readonly sku: string;
  /** Claims that were sent so far. */
  readonly clicks: number;
  /** Signed by the edge; the last one that was told. */
  readonly ticket: string | undefined;
  readonly pass: string | undefined;
  /** Of the whole account, over all its sockets. */
  readonly wins: number;
  readonly limit: number;
  /** From 0 up to 1, the same in every run. */
  random(): number;
  /** Units are for sale, as far as this shopper has heard. */
  readonly isSelling: boolean;
  /** With a new key unless one is given; says the key. */
  claim(asked?: { readonly key?: string; readonly qty?: number; readonly dueMs?: number }): string;
  /** As it is, whatever it is. */
  send(text: string): void;
  /** Gives the place up and goes. */
  leave(): void;
  /** Closes; nothing of this visit happens after it. */
  end(): void;
  /** The connection breaks; `comeBack` is the next one, at another edge, with the ticket. */
  cut(): void;
  comeBack(): void;
  /** Another socket of the same account. */
  another(behave: Behaviour): void;
  /** A claim over HTTP; says the status. */
  claimOverHttp(pass: string): Promise<number>;
  /** After so long, unless the visit is over by then; told when it was due. */
  later(afterMs: number, work: (dueMs: number) => void): void;
  note(what: string): void;
  /** What must not happen to anybody. */
  wrong(what: string): void;
}

/** Each is called when it happens; what is left out is nothing to this kind. */
export interface Behaviour {
  /** Instead of joining: says what is sent first. */
  enter?(visit: Visit): void;
  /** What a refusal may mean to whom attacks only. */
  readonly attacks?: boolean;
  placed?(visit: Visit): void;
  admitted?(visit: Visit): void;
  won?(visit: Visit): void;
  refused?(visit: Visit, code: string): void;
  /** Nothing is left anywhere. */
  soldOut?(visit: Visit): void;
  /** An order of theirs is paid, or called off. */
  settled?(visit: Visit, status: string): void;
}
