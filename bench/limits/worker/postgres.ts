/** The rows of orders through one connection: order, item and payment by one `unnest` statement a thousand orders. */
import { Client } from 'pg';
import { createClaimSource, SKU, UNIT_PRICE } from '../../core/sale-data.ts';
import { INSERT, PLANNED_ONCE } from '../../orders/bare/writer.ts';
import { countIn } from './meter.ts';
import type { Counted, Insert } from './notes.ts';

const BATCH = 1_000;

export async function openInserter(order: Insert): Promise<() => Promise<Counted>> {
  const database = new Client({ connectionString: order.databaseUrl, options: PLANNED_ONCE });
  await database.connect();
  if (order.commitDelayUs > 0) {
    // commit_siblings 0: also where nobody else is about to commit.
    await database.query(`set commit_delay = ${order.commitDelayUs}`);
    await database.query('set commit_siblings = 0');
  }
  const nextClaim = createClaimSource();
  const constant = { skus: filled(SKU), quantities: filled(1), prices: filled(UNIT_PRICE) };
  return async () => {
    const counted = await countIn(order, async (meter) => {
      while (meter.goesOn) {
        const claims = Array.from({ length: BATCH }, nextClaim);
        const [ids, shoppers] = [claims.map(({ claimId }) => claimId), claims.map(({ shopperId }) => shopperId)];
        const values = [ids, shoppers, constant.skus, constant.quantities, constant.prices];
        const fromMs = performance.now();
        await database.query({ name: 'insert', text: INSERT, values });
        meter.count(BATCH, performance.now() - fromMs);
      }
    });
    await database.end();
    return counted;
  };
}

function filled<T>(value: T): T[] {
  return Array.from({ length: BATCH }, () => value);
}
