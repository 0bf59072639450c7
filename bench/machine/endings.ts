/** How all that was started for a run is ended: what came last goes first, since it may need what came before. */
export interface Endings {
  push(end: () => Promise<unknown>): void;
  close(): Promise<void>;
}

export function createEndings(): Endings {
  const ends: (() => Promise<unknown>)[] = [];
  return {
    push(end) {
      ends.push(end);
    },
    async close() {
      for (const end of ends.splice(0).reverse()) await end();
    },
  };
}
