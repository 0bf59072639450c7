/** What a process remembers of mails that did not go out at once: since when they are refused, and which were set aside. */
export interface Patience {
  /** True once this mail was refused for too long; the first refusal starts the time. */
  isOver(place: string, nowMs: number): boolean;
  settle(place: string): void;
  isSettled(place: string): boolean;
  forget(place: string): void;
}

const SETTLED = 'settled';

/** What was forgotten, by a restart or because there was too much, only starts anew. */
export function createPatience({ forMs, most }: { forMs: number; most: number }): Patience {
  const places = new Map<string, number | typeof SETTLED>();

  function remember(place: string, what: number | typeof SETTLED): void {
    places.set(place, what);
    const [oldest] = places.keys();
    if (places.size > most && oldest !== undefined) places.delete(oldest);
  }

  return {
    isOver(place, nowMs) {
      const since = places.get(place);
      if (since === SETTLED) return true;
      if (since === undefined) remember(place, nowMs);
      return since !== undefined && nowMs - since >= forMs;
    },
    settle: (place) => remember(place, SETTLED),
    isSettled: (place) => places.get(place) === SETTLED,
    forget: (place) => void places.delete(place),
  };
}
