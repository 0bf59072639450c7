/** Breaks the books of a run on purpose: puts units back that were sold. The audit has to notice. */
import { KEYS, SKU } from '../core/sale-data.ts';
import type { EdgeStage } from './stage.ts';

const EVERY_MS = 50;
const UNITS = 3;

export function tamper(stage: EdgeStage): { stop(): Promise<void> } {
  let last: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    last = Promise.all(
      stage.regions.map(({ name, redis }) =>
        redis.admin.hincrby(KEYS.stock(stage.dropId, name).stock, `${SKU}:available`, UNITS),
      ),
    );
  }, EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await last;
    },
  };
}
