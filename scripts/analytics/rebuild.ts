/**
 * Counts the revenue of a time anew, from the orders: what was taken and what went back, in the minutes in which the
 * database says so. A day is one transaction, in which nothing else is counted; what is still on its way through Kafka is
 * noted as counted, so that it adds nothing when it comes.
 */
import { countMovement } from '../../commerce/figures/count.ts';
import { Sums } from '../../commerce/figures/sums.ts';
import { movementsOf } from '../../commerce/settlement/movements.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { AnalyticsStore } from '../../db/analytics/store.ts';
import { claimEvents, lockCounting } from '../../db/queries/figures/offsets.ts';
import { makeMonths, ordersWithMoney } from '../../db/queries/figures/rebuild.ts';
import { moneyOfOrders } from '../../db/queries/settlement/money-of-orders.ts';
import { type Database, type DatabaseClient, withTransaction } from '../../platform/connections/postgres.ts';

const DAY_MS = 24 * 3_600_000;
const HOUR_MS = 3_600_000;
const NAMES = ['payment.captured', 'refund.done'];

export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface Rebuilt {
  readonly days: number;
  readonly movements: number;
  readonly rows: number;
}

export async function rebuildRevenue(
  { database, store }: { readonly database: Database; readonly store: AnalyticsStore },
  { fromMs, untilMs }: Span,
  told: (day: Span) => void = () => undefined,
): Promise<Rebuilt> {
  const total = { days: 0, movements: 0, rows: 0 };
  await makeMonths(database, fromMs, untilMs);
  // Articles are kept by the hour: a part of one cannot be counted anew.
  const first = fromMs - (fromMs % HOUR_MS);
  const end = Math.ceil(untilMs / HOUR_MS) * HOUR_MS;
  for (let at = first; at < end; at += DAY_MS) {
    const day = { fromMs: at, untilMs: Math.min(at + DAY_MS, end) };
    const done = await withTransaction(database, (client) => rebuildDay(client, store, day));
    total.days += 1;
    total.movements += done.movements;
    total.rows += done.rows;
    told(day);
  }
  return total;
}

async function rebuildDay(client: DatabaseClient, store: AnalyticsStore, day: Span) {
  await lockCounting(client);
  const sums = new Sums();
  let movements = 0;
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const orderIds = await ordersWithMoney(client, day, after, LIMITS.settledOrders);
    const last = orderIds.at(-1);
    if (last === undefined) break;
    for (const money of (await moneyOfOrders(client, orderIds)).values()) {
      const within = movementsOf(money).filter(({ atMs }) => atMs >= day.fromMs && atMs < day.untilMs);
      for (const movement of within) countMovement(sums, money, movement);
      await claimEvents(
        client,
        within.map(({ id }) => id),
      );
      movements += within.length;
    }
    after = last;
  }
  const rows = sums.rows();
  await store.replace(client, NAMES, day, rows);
  return { movements, rows: rows.length };
}
