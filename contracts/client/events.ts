/** Typed listeners. One that throws does not stop the others, nor the client. */
export interface Events<Kinds> {
  on<K extends keyof Kinds>(kind: K, listener: (value: Kinds[K]) => void): () => void;
  tell<K extends keyof Kinds>(kind: K, value: Kinds[K]): void;
}

export function createEvents<Kinds>(): Events<Kinds> {
  const listeners: { [K in keyof Kinds]?: Set<(value: Kinds[K]) => void> } = {};
  return {
    on(kind, listener) {
      const there = listeners[kind] ?? new Set();
      listeners[kind] = there;
      there.add(listener);
      return () => void there.delete(listener);
    },
    tell(kind, value) {
      for (const listener of [...(listeners[kind] ?? [])]) {
        try {
          listener(value);
        } catch (error) {
          // Reported where the platform reports what nobody caught.
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    },
  };
}
