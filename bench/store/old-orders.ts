/** How purchases and looks at an order go with the orders that are there already: those of the last month, of the same shoppers. */
import { coresOf } from '../machine/cpu-use.ts';
import type { Figures } from '../report/figures.ts';
import { round } from '../report/statistics.ts';
import type { BenchContext } from '../scenario.ts';
import type { Bought } from './generator/notes.ts';
import { type KindRound, measureRound } from './measure.ts';
import { type Generator, measurePurchases } from './purchases.ts';
import type { StoreStage } from './stage.ts';
import { scriptsOf } from './traffic.ts';

/** ×1 ×10 ×100. */
const ORDERS = [10_000, 100_000, 1_000_000];
/** There are several points: each is measured for no longer than this. */
const MOST_SECONDS = 3;
const ASKED_FOR = 5_000;

/**
 * Cancelled before they were paid: their rows are as many as those of any other order, and no money and no unit belongs
 * to them. Triggers are off: an order may only begin as PENDING, and a step by step history of a million is not the point.
 */
const FILL = `
  with old as materialized (
    select uuidv7(-(interval '1 day') * (1 + 29.0 * n / $1)) as id, ($2::uuid[])[1 + n % cardinality($2::uuid[])] as shopper_id
    from generate_series(1, $1) as n
  ), timed as materialized (
    select id, shopper_id, uuid_extract_timestamp(id) as at from old
  ), placed as (
    insert into orders (id, source, shopper_id, status, step, currency, items_minor, total_minor, placed_at, is_guest)
    select id, 'store', shopper_id, 'CANCELLED', 1, 'USD', 1000, 1000, at, false from timed
  ), items as (
    insert into order_items (order_id, line, sku, title, quantity, unit_price_minor)
    select id, 1, $3, 'Something old', 1, 1000 from timed
  ), history as (
    insert into order_status_history (order_id, step, status, reason, actor, at)
    select id, step, status::order_status, 'bench', 'bench', at
    from timed, (values (0, 'PENDING'), (1, 'CANCELLED')) as steps (step, status)
  )
  insert into payments (order_id, id, status, currency, amount_minor, kind)
  select id, id, 'CANCELLED', 'USD', 1000, 'wallet' from timed
  returning order_id`;

export interface OldOrders {
  readonly points: readonly Figures[];
  readonly problems: readonly string[];
}

export async function measureOldOrders(context: BenchContext, stage: StoreStage, crew: Generator): Promise<OldOrders> {
  const points: Figures[] = [];
  const problems: string[] = [];
  const short = { ...context, seconds: Math.min(MOST_SECONDS, context.seconds) };
  let there = 0;
  for (const orders of ORDERS) {
    context.progress(`curve: ${orders.toLocaleString('en-US')} orders there`);
    await fill(stage, orders - there);
    there = orders;
    const { rounds, problems: found } = await measurePurchases(short, stage, crew, 1);
    problems.push(...found);
    const asked = await scriptsOf('orderStatus', stage, { connections: 0, orders: await someOrders(stage) });
    const status = await measureRound(short, stage, crew, asked);
    const failed = status.full.failed + status.half.failed;
    if (failed > 0) problems.push(`${failed} looks at an order of ${orders} were not answered with success`);
    const [bought] = rounds;
    if (bought !== undefined) points.push({ orders, ...pointOf(bought, status) });
  }
  return { points, problems };
}

function pointOf(
  { full, half, cpu }: { readonly full: Bought; readonly half: Bought; readonly cpu: KindRound['cpu'] },
  status: KindRound,
): Figures {
  const postgresMs = (use: KindRound['cpu'], times: number): number =>
    round((use.ms['postgres'] ?? 0) / Math.max(1, times), 3);
  return {
    'orders/s': round(full.ordersPerSecond),
    'checkout p99 ms': half.both.p99Ms,
    'postgres ms/order': postgresMs(cpu, full.orders.length),
    'status/s': round(status.full.requestsPerSecond),
    'status p99 ms': status.half.p99Ms,
    'postgres ms/status': postgresMs(status.cpu, status.full.requests),
    'generator cores': round(coresOf(cpu, 'generator'), 2),
  };
}

/** Of nobody else's connection: the setting is this one's, and the pool has only this one. */
async function fill({ database, buyerIds, skus }: StoreStage, count: number): Promise<void> {
  await database.query(`set session_replication_role = 'replica'`);
  try {
    await database.query(FILL, [count, buyerIds, skus[0]]);
  } finally {
    await database.query('reset session_replication_role');
  }
  await database.query('analyze orders, order_items, order_status_history, payments');
}

/** Evenly over all that is there, each with the token of whose it is. */
async function someOrders({ database, shopperToken }: StoreStage): Promise<Bought['orders']> {
  const { rows } = await database.query<{ id: string; shopperId: string }>(
    `select id, shopper_id as "shopperId" from orders where source = 'store'
     order by hash_record_extended(row(id), 1) limit $1`,
    [ASKED_FOR],
  );
  return await Promise.all(rows.map(async ({ id, shopperId }) => ({ id, token: await shopperToken(shopperId) })));
}
