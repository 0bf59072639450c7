/**
 * The ledger of the store: shelves, orders of the store, and all money, as of one moment. Every step of theirs is one
 * transaction, so that nothing is ever under way between two of these tables. Reads only.
 */
import type { Database, DatabaseClient } from '../../../platform/connections/postgres.ts';
import { MONEY_CHECKS } from './money-checks.ts';
import { PAYOUT_CHECKS } from './payout-checks.ts';
import { SHELF_CHECKS } from './shelf-checks.ts';
import type { StoreCheck, StoreLine, StoreReport } from './store-check.ts';

const IDS_KEPT = 1_000;

const TOTALS = `
  select (select count(*) from inventory)::float8 as shelves,
    (select coalesce(sum(on_hand), 0) from inventory)::float8 as units,
    (select count(*) from orders where source = 'store')::float8 as orders,
    (select count(*) from payments)::float8 as payments,
    (select count(*) from ledger_transfers)::float8 as transfers`;

export async function auditStore(database: Database, nowMs: number): Promise<StoreReport> {
  const client = await database.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    const lines: StoreLine[] = [];
    for (const check of [...SHELF_CHECKS, ...MONEY_CHECKS, ...PAYOUT_CHECKS]) lines.push(await lineOf(client, check));
    const { rows } = await client.query<Omit<StoreReport['totals'], 'chargedTwice' | 'chargedForNothing'>>(TOTALS);
    const totals = rows[0] ?? { shelves: 0, units: 0, orders: 0, payments: 0, transfers: 0 };
    const harmed = (harm: StoreCheck['harm']) =>
      lines.filter((line) => line.harm === harm).reduce((sum, { count }) => sum + count, 0);
    return {
      at: new Date(nowMs).toISOString(),
      verdict: lines.some(({ verdict }) => verdict === 'broken') ? 'broken' : 'ok',
      totals: {
        ...totals,
        chargedTwice: harmed('charged twice'),
        chargedForNothing: harmed('charged for nothing'),
      },
      lines,
    };
  } finally {
    await client.query('rollback');
    client.release();
  }
}

async function lineOf(client: DatabaseClient, { text, ...check }: StoreCheck): Promise<StoreLine> {
  const { rows } = await client.query<{ id: string; detail: string; count: number }>(
    `select id, detail, count(*) over ()::float8 as count from (${text}) broken order by id limit ${IDS_KEPT}`,
  );
  const count = rows[0]?.count ?? 0;
  return {
    ...check,
    verdict: count > 0 ? 'broken' : 'ok',
    count,
    broken: rows.map(({ id, detail }) => ({ id, detail })),
  };
}
