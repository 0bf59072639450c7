/** How many calls are under way, as a mean over time: says whether the generator keeps the queue filled. */
import type { ScriptRunner } from '../../../reservation-core/script-runner.ts';

export interface Depth {
  begin(): void;
  end(): void;
  /** From here on it counts. */
  startMeasuring(): void;
  stopMeasuring(): void;
  mean(): number;
}

export function createDepth(): Depth {
  let [underWay, area, lastMs] = [0, 0, performance.now()];
  let [fromMs, mean] = [lastMs, 0];
  const advance = (): number => {
    const nowMs = performance.now();
    area += underWay * (nowMs - lastMs);
    lastMs = nowMs;
    return nowMs;
  };
  return {
    begin() {
      advance();
      underWay += 1;
    },
    end() {
      advance();
      underWay -= 1;
    },
    startMeasuring() {
      fromMs = advance();
      area = 0;
    },
    stopMeasuring() {
      const tookMs = advance() - fromMs;
      mean = tookMs > 0 ? area / tookMs : 0;
    },
    mean: () => mean,
  };
}

export function watchedRunner(runner: ScriptRunner, depth: Depth): ScriptRunner {
  return {
    async run(script, keys, argv) {
      depth.begin();
      try {
        return await runner.run(script, keys, argv);
      } finally {
        depth.end();
      }
    },
  };
}
