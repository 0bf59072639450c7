/** What signals ask of the launcher: the first an orderly stop, a second Ctrl-C an end at once. */
export interface Ending {
  readonly stopping: AbortSignal;
}

export interface EndingOptions {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  onFirst(signal: NodeJS.Signals): void;
  onSecond(): void;
}

/** SIGHUP is the terminal that was closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** npm passes a terminal's Ctrl-C on although it has reached us already: the same key press, not a second one. */
const SAME_PRESS_MS = 300;

export function listenForEnd(options: EndingOptions, now: () => number = () => performance.now()): Ending {
  const stopping = new AbortController();
  let firstAt = Number.NEGATIVE_INFINITY;
  const listener = (signal: NodeJS.Signals) => {
    if (!stopping.signal.aborted) {
      firstAt = now();
      options.onFirst(signal);
      stopping.abort(new Error(`stopped by ${signal}`));
    } else if (signal === 'SIGINT' && now() - firstAt > SAME_PRESS_MS) {
      // Only the impatient press at the terminal: npm stop beside a stop under way must not turn it into a kill.
      options.onSecond();
    }
  };
  for (const signal of SIGNALS) options.on(signal, () => listener(signal));
  return { stopping: stopping.signal };
}
