import type { ClientBase } from 'pg';
import type { PaymentKind, PaymentStatus } from '../../contracts/orders/payments.ts';
import type { OrderSource } from '../../contracts/orders/sources.ts';
import type { OrderState } from '../../contracts/orders/states.ts';
import { exact } from '../exact.ts';

/** A payment that something has to be done about, with what its order says. */
export interface DuePayment {
  readonly orderId: string;
  readonly id: string;
  readonly status: PaymentStatus;
  readonly kind: PaymentKind | null;
  readonly provider: string | null;
  readonly providerRef: string | null;
  readonly methodToken: string | null;
  readonly actionUrl: string | null;
  readonly amountMinor: number;
  readonly currency: string;
  /** How often it was taken before. */
  readonly tries: number;
  readonly orderStatus: OrderState;
  readonly source: OrderSource;
  /** Of orders of a drop, as its region. */
  readonly dropId: string | null;
  readonly region: string | null;
  readonly shopperId: string;
  /** Of its first line, which stands for all of them. */
  readonly title: string;
  readonly sku: string;
  readonly quantity: number;
  readonly review: 'approved' | 'rejected' | null;
}

/*
 * Lateral with a limit: one look-up an order, in the one month that its id says, whatever the statistics are. Left joins:
 * what is due and belongs to no order has to be seen, or it would stay in front of all others for ever.
 */
const TAKE = `
  with due as materialized (
    select order_id, id, status, kind, provider, provider_ref, method_token, action_url, amount_minor, currency, tries, due_at
    from payments
    where due_at <= now() and ($2::boolean or status <> 'PENDING' or kind is distinct from 'card')
      and not (id = any ($3::uuid[]))
    order by due_at limit $1
    for update skip locked
  )
  select due.order_id as "orderId", due.id, due.status, due.kind, due.provider, due.provider_ref as "providerRef",
    due.method_token as "methodToken", due.action_url as "actionUrl", due.amount_minor as "amountMinor", due.currency,
    due.tries, o.status as "orderStatus", o.source, o.drop_id as "dropId", o.region, o.shopper_id as "shopperId",
    item.title, item.sku, item.quantity, item.lines,
    (select decision from order_reviews where order_id = due.order_id) as review
  from due
  left join lateral (
    select status, source, drop_id, region, shopper_id from orders where id = due.order_id limit 1
  ) o on true
  left join lateral (
    select title, sku, quantity, count(*) over ()::int as lines
    from order_items where order_id = due.order_id order by line limit 1
  ) item on true
  order by due.order_id, due.id`;

export interface Taken {
  readonly due: readonly DuePayment[];
  /** Due, but of no order. */
  readonly strays: readonly { readonly orderId: string; readonly id: string }[];
}

export interface TakeOptions {
  readonly cards?: boolean;
  readonly passOver?: readonly string[];
}

/**
 * Locks payments that are due until the caller's transaction ends; what others have locked is left to them. Without
 * `cards`, those for which a provider has to be asked are left as well; `passOver` the caller has in hand already.
 */
export async function takeDuePayments(
  client: ClientBase,
  most: number,
  { cards = true, passOver = [] }: TakeOptions = {},
): Promise<Taken> {
  type Row = Omit<DuePayment, 'amountMinor' | 'title' | 'source'> & {
    readonly amountMinor: string | number;
    readonly source: OrderSource | null;
    readonly title: string | null;
    readonly lines: number;
  };
  const { rows } = await client.query<Row>({ name: 'take-due-payments', text: TAKE, values: [most, cards, passOver] });
  const due: DuePayment[] = [];
  const strays: { orderId: string; id: string }[] = [];
  for (const { source, title, lines, ...row } of rows) {
    if (source === null || title === null) strays.push({ orderId: row.orderId, id: row.id });
    else due.push({ ...row, source, title: titleOfOrder(title, lines), amountMinor: exact(row.amountMinor) });
  }
  return { due, strays };
}

export interface Lease {
  readonly orderId: string;
  readonly id: string;
  /** Who is going to be asked, written before they are; null leaves it as it is. */
  readonly provider: string | null;
}

const LEASE = `
  update payments set due_at = now() + $4::float8 * interval '1 millisecond', tries = least(tries + 1, 30000),
    provider = coalesce(payments.provider, lease.provider), updated_at = now()
  from unnest($1::uuid[], $2::uuid[], $3::text[]) as lease (order_id, id, provider)
  where payments.order_id = lease.order_id and payments.id = lease.id and payments.order_id between $5::uuid and $6::uuid`;

/** Gives the taken payments to the caller for a while: if nothing becomes of them, they are due again after it. */
export async function leasePayments(client: ClientBase, leases: readonly Lease[], leaseMs: number): Promise<void> {
  if (leases.length === 0) return;
  const orderIds = leases.map(({ orderId }) => orderId);
  const [first, last] = boundsOf(orderIds);
  const values = [orderIds, leases.map(({ id }) => id), leases.map(({ provider }) => provider), leaseMs, first, last];
  await client.query({ name: 'lease-payments', text: LEASE, values });
}

/** Which months can be meant, so that no plan ever reads the others. */
export function boundsOf(orderIds: readonly string[]): readonly [string, string] {
  const sorted = orderIds.toSorted();
  const [first, last] = [sorted.at(0), sorted.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError('An empty batch has no bounds.');
  return [first, last];
}

const TITLE_CHARS = 200;

/** How an order is called where there is room for one title: its first line, and how many more there are. */
export function titleOfOrder(title: string, lines: number): string {
  if (lines <= 1) return title;
  const more = ` +${lines - 1}`;
  return `${title.slice(0, TITLE_CHARS - more.length)}${more}`;
}
