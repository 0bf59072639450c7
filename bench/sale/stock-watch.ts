/** What can be claimed, region by region, looked at many times a second: what a refusal SOLD_OUT is held against. */
import { KEYS } from '../core/sale-data.ts';
import type { StormDrop } from './drop.ts';
import { REGIONS, type SaleStage } from './stage.ts';

export interface StockSample {
  readonly atMs: number;
  /** Units by region, in the order of REGIONS. */
  readonly available: readonly number[];
}

export interface StockWatch {
  stop(): Promise<readonly StockSample[]>;
}

/** Units come back and are gone within milliseconds: what was told in between is held against it. */
const EVERY_MS = 10;

export function watchStock({ redis }: Pick<SaleStage, 'redis'>, { id, sku }: StormDrop): StockWatch {
  const samples: StockSample[] = [];
  let isLooking = false;
  let last: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    isLooking = true;
    try {
      const looks = REGIONS.map((region) => redis.admin.hget(KEYS.stock(id, region).stock, `${sku}:available`));
      const available = (await Promise.all(looks)).map((units) => Number(units ?? 0));
      samples.push({ atMs: Date.now(), available });
    } finally {
      isLooking = false;
    }
  }

  const timer = setInterval(() => {
    if (!isLooking) last = look();
  }, EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await last;
      return samples;
    },
  };
}

export interface Milestones {
  /** Epoch ms; undefined where it never came to that. */
  readonly soldOutAtMs: number | undefined;
  readonly firstReturnAtMs: number | undefined;
  /** Times that something came back after everything was gone. */
  readonly returns: number;
}

export function milestonesOf(samples: readonly StockSample[], startsAtMs: number, endedAtMs: number): Milestones {
  let [soldOutAtMs, firstReturnAtMs, returns, isGone]: [number | undefined, number | undefined, number, boolean] = [
    undefined,
    undefined,
    0,
    false,
  ];
  for (const { atMs, available } of samples) {
    // What comes back after the end is for nobody.
    if (atMs < startsAtMs || atMs > endedAtMs) continue;
    const left = available.reduce((sum, units) => sum + units, 0);
    if (left <= 0) soldOutAtMs ??= atMs;
    if (left > 0 && isGone) {
      firstReturnAtMs ??= atMs;
      returns += 1;
    }
    isGone = left <= 0;
  }
  return { soldOutAtMs, firstReturnAtMs, returns };
}
