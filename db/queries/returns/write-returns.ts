/** What becomes of a return. Its order is locked by the caller. */
import type { ClientBase } from 'pg';
import type { PaymentKind } from '../../../contracts/orders/payments.ts';

export interface NewReturn {
  readonly id: string;
  readonly orderId: string;
  readonly merchantId: string | null;
  readonly reason: string;
  readonly nowMs: number;
  readonly items: readonly {
    readonly line: number;
    readonly sku: string;
    readonly quantity: number;
    readonly amountMinor: number;
  }[];
}

export async function insertReturn(client: ClientBase, made: NewReturn): Promise<void> {
  const { id, orderId, merchantId, reason, nowMs, items } = made;
  await client.query({
    name: 'insert-return',
    text: `
      with made as (
        insert into returns (id, order_id, merchant_id, reason, refund_minor, requested_at)
        values ($1, $2, $3, $4, (select coalesce(sum(amount), 0) from unnest($8::bigint[]) amount), to_timestamp($9::float8 / 1000))
      )
      insert into return_items (return_id, line, sku, quantity, amount_minor)
      select $1, * from unnest($5::smallint[], $6::text[], $7::int[], $8::bigint[])`,
    values: [
      ...[id, orderId, merchantId, reason],
      ...[items.map(({ line }) => line), items.map(({ sku }) => sku)],
      ...[items.map(({ quantity }) => quantity), items.map(({ amountMinor }) => amountMinor), nowMs],
    ],
  });
}

export async function decideReturn(
  client: ClientBase,
  id: string,
  decision: { readonly status: 'APPROVED' | 'DECLINED'; readonly note: string; readonly nowMs: number },
): Promise<void> {
  await client.query({
    name: 'decide-return',
    text: `
      update returns set status = $2::return_status, note = $3, decided_at = to_timestamp($4::float8 / 1000)
      where id = $1`,
    values: [id, decision.status, decision.note, decision.nowMs],
  });
}

export interface ReceivedItem {
  readonly line: number;
  /** How much of it can be sold again. */
  readonly restocked: number;
  readonly warehouseId: string;
}

export async function receiveReturn(
  client: ClientBase,
  id: string,
  received: { readonly items: readonly ReceivedItem[]; readonly refundId: string | null; readonly nowMs: number },
): Promise<void> {
  const { items, refundId, nowMs } = received;
  await client.query({
    name: 'receive-return',
    text: `
      with here as (
        update return_items i set warehouse_id = item.warehouse_id, restocked = item.restocked
        from unnest($2::smallint[], $3::uuid[], $4::int[]) as item (line, warehouse_id, restocked)
        where i.return_id = $1 and i.line = item.line
      )
      update returns set status = 'RECEIVED', received_at = to_timestamp($5::float8 / 1000), refund_id = $6 where id = $1`,
    values: [
      ...[id, items.map(({ line }) => line), items.map(({ warehouseId }) => warehouseId)],
      ...[items.map(({ restocked }) => restocked), nowMs, refundId],
    ],
  });
}

/** Whether the refund of a return was refused by whoever took the money. */
export async function isRefundRefused(client: ClientBase, refundId: string): Promise<boolean> {
  const text = `select status = 'REFUSED' as refused from refunds where id = $1`;
  const { rows } = await client.query<{ refused: boolean }>({ name: 'is-refund-refused', text, values: [refundId] });
  return rows[0]?.refused === true;
}

export async function replaceRefund(client: ClientBase, id: string, refundId: string | null): Promise<void> {
  const text = 'update returns set refund_id = $2 where id = $1';
  await client.query({ name: 'replace-refund', text, values: [id, refundId] });
}

/** Of one for which nothing has to be given back. */
export async function closeReturn(client: ClientBase, id: string, nowMs: number): Promise<void> {
  await client.query({
    name: 'close-return',
    text: `update returns set status = 'REFUNDED', refunded_at = to_timestamp($2::float8 / 1000) where id = $1`,
    values: [id, nowMs],
  });
}

export interface PaidBy {
  readonly id: string;
  readonly kind: PaymentKind | null;
  readonly status: 'CAPTURED' | 'AUTHORIZED';
}

/** The payment that an order was paid by, or will have been once its cash is written down. */
export async function paymentOfOrder(client: ClientBase, orderId: string): Promise<PaidBy | undefined> {
  const { rows } = await client.query<PaidBy>({
    name: 'payment-of-order',
    text: `
      select id, kind, status from payments where order_id = $1 and status in ('CAPTURED', 'AUTHORIZED')
      order by status = 'CAPTURED' desc, id limit 1`,
    values: [orderId],
  });
  return rows[0];
}

/** Those of these warehouses in which this merchant's goods may lie. */
export async function warehousesFor(
  client: ClientBase,
  ids: readonly string[],
  merchantIds: readonly (string | null)[],
): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ id: string }>({
    name: 'warehouses-for',
    text: `
      select id from warehouses
      where id = any ($1::uuid[]) and (merchant_id is null or merchant_id = any ($2::uuid[]))`,
    values: [ids, merchantIds],
  });
  return new Set(rows.map(({ id }) => id));
}
