/** Where a run is: one line that is written over on a terminal, a line a step elsewhere. */
export interface Progress {
  step(what: string): void;
  done(): void;
}

const CLEAR_LINE = '\r\u001b[K';
const MS_PER_SECOND = 1_000;
const SECONDS_PER_MINUTE = 60;
/** Where nobody has said how wide a terminal is. A longer line would wrap, and could not be written over. */
const COLUMNS = 80;

export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface ProgressOptions {
  readonly output: ProgressOutput;
  nowMs(): number;
  /** How long the last run like this one took. */
  readonly expectedSeconds?: number | undefined;
  /** Calls again and again, a second apart, until what it answers is called. */
  everySecond(call: () => void): () => void;
}

interface Step {
  readonly what: string;
  readonly sinceMs: number;
}

export function createProgress({ output, nowMs, expectedSeconds, everySecond }: ProgressOptions): Progress {
  const startedMs = nowMs();
  const overwrite = output.isTTY === true;
  const of = expectedSeconds === undefined ? '' : ` of about ${sayTime(expectedSeconds)}`;
  let current: Step | undefined;
  const secondsSince = (ms: number): number => Math.floor((nowMs() - ms) / MS_PER_SECOND);
  const show = (): void => {
    if (current === undefined) return;
    const inStep = secondsSince(current.sinceMs);
    const line = `${sayTime(secondsSince(startedMs))}${of} · ${current.what}${inStep > 0 ? ` · ${sayTime(inStep)}` : ''}`;
    output.write(`${CLEAR_LINE}${line.slice(0, (output.columns ?? COLUMNS) - 1)}`);
  };
  const stop = overwrite ? everySecond(show) : (): void => undefined;
  return {
    step(what) {
      current = { what, sinceMs: nowMs() };
      if (overwrite) show();
      else output.write(`${sayTime(secondsSince(startedMs))}${of} · ${what}\n`);
    },
    done() {
      stop();
      if (overwrite && current !== undefined) output.write(CLEAR_LINE);
      current = undefined;
    },
  };
}

/** A timer that keeps nobody from ending. */
export function everySecond(call: () => void): () => void {
  const timer = setInterval(call, MS_PER_SECOND);
  timer.unref();
  return () => clearInterval(timer);
}

export function sayTime(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < SECONDS_PER_MINUTE) return `${whole} s`;
  return `${Math.floor(whole / SECONDS_PER_MINUTE)} min ${String(whole % SECONDS_PER_MINUTE).padStart(2, '0')} s`;
}
