/** What comes in by HTTP, and what goes out as it is. */

export interface Sent {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What is asked for: the path, what follows it, and what was sent. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly contentType: string;
  readonly body: string;
}
