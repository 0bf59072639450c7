/** The claims of one shopper's visit: what was asked, what was answered, and what has to be asked again. */

export interface Ask {
  readonly key: string;
  readonly text: string;
  /** When it was to be sent: performance.now(). */
  readonly dueMs: number;
  /** Messages of it that were not answered. */
  open: number;
  tries: number;
  /** Epoch ms, of the last time. */
  sentAtMs: number;
  /** Empty until somebody was told that it won. */
  claimId: string;
  isDecided: boolean;
  /** The shopper was cut off before the answer came. */
  wasLost: boolean;
}

export interface Asks {
  /** Of all claims. */
  readonly open: number;
  /** Claims that are neither won nor refused for good. */
  readonly undecided: number;
  /** Of those, the ones whose shopper was cut off and never could ask again. */
  readonly unknown: number;
  readonly clicks: number;
  /** Not sent yet: whoever sends it counts it as open. */
  ask(key: string, text: string, dueMs: number): Ask;
  find(key: string): Ask | undefined;
  /** The socket is gone, and with it every answer; what was not decided has to be asked again. */
  lose(): void;
  undecidedAsks(): readonly Ask[];
}

export function createAsks(): Asks {
  const asks = new Map<string, Ask>();
  let clicks = 0;
  const undecidedAsks = (): readonly Ask[] => [...asks.values()].filter(({ isDecided }) => !isDecided);
  return {
    get open() {
      let sum = 0;
      for (const { open } of asks.values()) sum += open;
      return sum;
    },
    get undecided() {
      return undecidedAsks().length;
    },
    get unknown() {
      return undecidedAsks().filter(({ wasLost, open }) => wasLost && open === 0).length;
    },
    get clicks() {
      return clicks;
    },
    ask(key, text, dueMs) {
      clicks += 1;
      const known = asks.get(key);
      const ask = known ?? {
        key,
        text,
        dueMs,
        open: 0,
        tries: 0,
        sentAtMs: 0,
        claimId: '',
        isDecided: false,
        wasLost: false,
      };
      asks.set(key, ask);
      return ask;
    },
    find: (key) => asks.get(key),
    lose() {
      for (const ask of asks.values()) {
        ask.wasLost ||= ask.open > 0;
        ask.open = 0;
      }
    },
    undecidedAsks,
  };
}
