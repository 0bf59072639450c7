/** Reads from Redis what a run left there, for the audit. */
import type { Redis } from 'ioredis';
import { parseLedger, type StockLedger } from '../../reservation-core/stock.ts';
import type { Found } from './audit.ts';
import { BARE_SKU } from './bare-script.ts';
import { type Driver, fold } from './load.ts';
import { KEYS, SKU } from './sale-data.ts';
import type { Stage } from './stage.ts';

const ENTRIES_A_PAGE = 500;

export async function findSale(
  stage: Pick<Stage, 'dropId' | 'regions'>,
  driver: Driver,
  unitsPerRegion: number,
): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const { name, redis } of stage.regions) {
    const { stock, holds, taken, answers, outbox } = KEYS.stock(stage.dropId, name);
    const fields = await redis.admin.hgetall(stock);
    const holdCount = await redis.admin.hlen(holds);
    const ledger = driver === 'ours' ? parseLedger(fields).get(SKU) : bareLedger(fields, unitsPerRegion);
    if (ledger === undefined) throw new Error(`${name} has no ledger.`);
    found.push({
      ledger,
      holds: holdCount,
      answers: driver === 'ours' ? (await redis.admin.hlen(taken)) + (await redis.admin.hlen(answers)) : holdCount,
      ...(await readOutbox(redis.admin, outbox)),
    });
  }
  return found;
}

function bareLedger(fields: Readonly<Record<string, string>>, units: number): StockLedger {
  const available = Number(fields[BARE_SKU]);
  return { allocated: units, in: 0, out: 0, available, held: units - available, sold: 0 };
}

async function readOutbox(
  redis: Redis,
  outbox: string,
): Promise<Pick<Found, 'outbox' | 'outboxClaims' | 'fingerprint'>> {
  const claimIds = new Set<string>();
  let events = 0;
  let fingerprint = 0;
  for (let from = '-'; ; ) {
    const page = await redis.xrange(outbox, from, '+', 'COUNT', ENTRIES_A_PAGE);
    for (const event of page.flatMap(([, fields]) => fields.filter((_, at) => at % 2 === 1))) {
      const [claimId = ''] = event.split('|');
      events += 1;
      if (claimIds.has(claimId)) continue;
      claimIds.add(claimId);
      fingerprint = fold(fingerprint, claimId);
    }
    const last = page.at(-1)?.[0];
    if (last === undefined || page.length < ENTRIES_A_PAGE)
      return { outbox: events, outboxClaims: claimIds.size, fingerprint };
    from = `(${last}`;
  }
}
