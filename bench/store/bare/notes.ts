/** What the bare server is told, and what it tells. */
export interface Serve {
  readonly t: 'serve';
  readonly body: string;
}

export interface Serving {
  readonly t: 'serving';
  readonly url: string;
}
