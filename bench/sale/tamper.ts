/** Breaks the books of a storm on purpose: puts units back that were sold. The audit has to notice. */
import { KEYS } from '../core/sale-data.ts';
import type { StormDrop } from './drop.ts';
import { REGIONS, type SaleStage } from './stage.ts';

const EVERY_MS = 200;
const UNITS = 1;

export function tamper({ redis }: SaleStage, { id, sku }: StormDrop): { stop(): Promise<void> } {
  let last: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    last = redis.admin.hincrby(KEYS.stock(id, REGIONS[0]).stock, `${sku}:available`, UNITS);
  }, EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await last;
    },
  };
}
