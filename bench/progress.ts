/** Where a run is: one line that is written over on a terminal, a line a step elsewhere. */
export interface Progress {
  step(what: string): void;
  done(): void;
}

const CLEAR_LINE = '\r\u001b[K';
const MS_PER_SECOND = 1_000;

export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export function createProgress(output: ProgressOutput, nowMs: () => number): Progress {
  const startedMs = nowMs();
  const overwrite = output.isTTY === true;
  return {
    step(what) {
      const seconds = ((nowMs() - startedMs) / MS_PER_SECOND).toFixed(0);
      output.write(overwrite ? `${CLEAR_LINE}${seconds} s · ${what}` : `${seconds} s · ${what}\n`);
    },
    done() {
      if (overwrite) output.write(CLEAR_LINE);
    },
  };
}
