import type { ClientBase, Pool } from 'pg';
import { exact } from '../../exact.ts';

export const RETURN_STATES = ['REQUESTED', 'APPROVED', 'DECLINED', 'RECEIVED', 'REFUNDED'] as const;
export type ReturnState = (typeof RETURN_STATES)[number];

export interface ReturnItem {
  readonly line: number;
  readonly sku: string;
  readonly quantity: number;
  readonly amount: number;
  readonly restocked: number;
  readonly warehouseId: string | null;
}

export interface StoredReturn {
  readonly id: string;
  readonly orderId: string;
  /** Null where several merchants sold what comes back. */
  readonly merchantId: string | null;
  readonly shopperId: string;
  readonly currency: string;
  readonly status: ReturnState;
  readonly reason: string;
  readonly note: string;
  readonly refundMinor: number;
  readonly refundId: string | null;
  readonly requestedAtMs: number;
  readonly decidedAtMs: number | null;
  readonly receivedAtMs: number | null;
  readonly refundedAtMs: number | null;
  readonly items: readonly ReturnItem[];
}

const ms = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`;
const COLUMNS = `
  t.id, t.order_id as "orderId", t.merchant_id as "merchantId", o.shopper_id as "shopperId", o.currency, t.status,
  t.reason, t.note, t.refund_minor as "refundMinor", t.refund_id as "refundId",
  ${ms('t.requested_at')} as "requestedAtMs", ${ms('t.decided_at')} as "decidedAtMs",
  ${ms('t.received_at')} as "receivedAtMs", ${ms('t.refunded_at')} as "refundedAtMs",
  array(
    select json_build_object(
      'line', i.line, 'sku', i.sku, 'quantity', i.quantity, 'amount', i.amount_minor,
      'restocked', i.restocked, 'warehouseId', i.warehouse_id
    ) from return_items i where i.return_id = t.id order by i.line
  ) as items`;
const OF_ORDER = 'cross join lateral (select shopper_id, currency from orders where id = t.order_id limit 1) o';

type Row = Omit<StoredReturn, 'refundMinor'> & { readonly refundMinor: string | number };
const returnOf = (row: Row): StoredReturn => ({ ...row, refundMinor: exact(row.refundMinor) });

export async function findReturn(database: Pool | ClientBase, id: string): Promise<StoredReturn | undefined> {
  const text = `select ${COLUMNS} from returns t ${OF_ORDER} where t.id = $1`;
  const row = (await database.query<Row>({ name: 'find-return', text, values: [id] })).rows[0];
  return row === undefined ? undefined : returnOf(row);
}

/** Of one order, the newest first. */
export async function returnsOfOrder(
  database: Pool | ClientBase,
  orderId: string,
  most: number,
): Promise<readonly StoredReturn[]> {
  const text = `select ${COLUMNS} from returns t ${OF_ORDER} where t.order_id = $1 order by t.id desc limit $2`;
  return (await database.query<Row>({ name: 'returns-of-order', text, values: [orderId, most] })).rows.map(returnOf);
}

export interface ReturnFilter {
  /** Null of who decides on those of all merchants. */
  readonly merchantId: string | null;
  readonly status: ReturnState | null;
  /** Exclusive. */
  readonly before: string | null;
  readonly limit: number;
}

export async function listReturns(
  database: Pool | ClientBase,
  { merchantId, status, before, limit }: ReturnFilter,
): Promise<readonly StoredReturn[]> {
  const text = `
    select ${COLUMNS} from returns t ${OF_ORDER}
    where ($1::uuid is null or t.merchant_id = $1) and ($2::return_status is null or t.status = $2)
      and ($3::uuid is null or t.id < $3)
    order by t.id desc limit $4`;
  const values = [merchantId, status, before, limit];
  return (await database.query<Row>({ name: 'list-returns', text, values })).rows.map(returnOf);
}
