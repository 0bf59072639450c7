import type { ClientBase, Pool } from 'pg';
import type { PaymentKind, PaymentStatus } from '../../contracts/orders/payments.ts';
import type { OrderState } from '../../contracts/orders/states.ts';

/** An order of a drop with all that has to agree with it. */
export interface AuditedOrder {
  readonly id: string;
  readonly status: OrderState;
  readonly step: number;
  readonly region: string;
  readonly shopperId: string;
  readonly totalMinor: number;
  readonly itemsMinor: number;
  readonly taxMinor: number;
  /** Items − discount + tax + shipping, as its own columns have them. */
  readonly sumMinor: number;
  readonly lines: number;
  readonly sku: string | null;
  readonly units: number;
  /** What its lines come to. */
  readonly linesMinor: number;
  readonly steps: readonly number[];
  readonly history: readonly OrderState[];
  readonly payments: readonly AuditedPayment[];
}

export interface AuditedPayment {
  readonly id: string;
  readonly status: PaymentStatus;
  readonly kind: PaymentKind | null;
  readonly provider: string | null;
  readonly ref: string | null;
  readonly amountMinor: number;
  readonly refundedMinor: number;
  /** The payments worker has it before it: itself, or a refund of it. */
  readonly isDue: boolean;
}

/* Lateral, so that each order is looked up in the one month that its id says, and read by the page. */
const SELECT = `
  select o.id, o.status, o.step, o.region, o.shopper_id as "shopperId",
    o.total_minor::float8 as "totalMinor", o.items_minor::float8 as "itemsMinor",
    o.tax_minor::float8 as "taxMinor",
    (o.items_minor - o.discount_minor + o.tax_minor + o.shipping_minor)::float8 as "sumMinor",
    i.lines, i.sku, i.units, i.amount as "linesMinor", h.steps, h.history, p.payments
  from orders o
  cross join lateral (
    select count(*)::int as lines, min(sku) as sku, coalesce(sum(quantity), 0)::int as units,
      coalesce(sum(quantity * unit_price_minor), 0)::float8 as amount
    from order_items where order_id = o.id
  ) i
  cross join lateral (
    select coalesce(array_agg(step::int order by step), '{}') as steps,
      coalesce(array_agg(status::text order by step), '{}') as history
    from order_status_history where order_id = o.id
  ) h
  cross join lateral (
    select coalesce(json_agg(json_build_object(
      'id', p.id, 'status', p.status, 'kind', p.kind, 'provider', p.provider, 'ref', p.provider_ref,
      'amountMinor', p.amount_minor, 'refundedMinor', p.refunded_minor,
      'isDue', p.due_at is not null or (p.captured_at is not null and exists (
        select from refunds r
        where r.order_id = o.id and r.payment_id = p.id and r.status = 'PENDING' and r.due_at is not null
      ))
    )), '[]') as payments
    from payments p where p.order_id = o.id
  ) p
  where o.drop_id = $1 and o.source = 'drop'`;

/** Page by page, all as of one moment; in a transaction of its own. */
export async function* auditedOrders(
  client: ClientBase,
  dropId: string,
  pageRows: number,
): AsyncGenerator<readonly AuditedOrder[]> {
  await client.query('begin isolation level repeatable read read only');
  try {
    await client.query(`declare audited no scroll cursor for ${SELECT}`, [dropId]);
    for (;;) {
      const { rows } = await client.query<AuditedOrder>(`fetch ${Math.trunc(pageRows)} from audited`);
      if (rows.length === 0) return;
      yield rows;
    }
  } finally {
    await client.query('rollback');
  }
}

/** Some of them, as they are now. */
export async function findAuditedOrders(
  database: Pool | ClientBase,
  dropId: string,
  orderIds: readonly string[],
): Promise<AuditedOrder[]> {
  const { rows } = await database.query<AuditedOrder>(`${SELECT} and o.id = any ($2::uuid[])`, [dropId, orderIds]);
  return rows;
}

/** Which of these ids are orders at all, of whatever drop. */
export async function knownOrders(
  database: Pool | ClientBase,
  orderIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const sorted = orderIds.toSorted();
  const { rows } = await database.query<{ id: string }>(
    'select id from orders where id = any ($1::uuid[]) and id between $2::uuid and $3::uuid',
    [sorted, sorted.at(0), sorted.at(-1)],
  );
  return new Set(rows.map(({ id }) => id));
}
