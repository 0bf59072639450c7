import type { PaymentKind } from '../../../contracts/orders/payments.ts';
import type { Asking } from '../../../platform/connections/postgres-together.ts';
import type { AddressFields } from '../addresses.ts';

export interface StoreOrderLine {
  readonly line: number;
  readonly sku: string;
  readonly title: string;
  /** Of its variant, as it is now. */
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly quantity: number;
  readonly unitPriceMinor: number;
  readonly merchantId: string;
  readonly productId: string;
  readonly discountMinor: number;
  /** Null where tax is inside the price. */
  readonly taxMinor: number | null;
}

export interface NewStoreOrder {
  /** Of the checkout. */
  readonly id: string;
  readonly shopperId: string;
  readonly isGuest: boolean;
  readonly currency: string;
  readonly amounts: {
    readonly itemsMinor: number;
    readonly discountMinor: number;
    readonly taxMinor: number;
    readonly shippingMinor: number;
    readonly totalMinor: number;
  };
  readonly shippingOption: string;
  readonly riskScore: number;
  readonly placedAtMs: number;
  readonly holdUntilMs: number;
  readonly actor: string;
  readonly lines: readonly StoreOrderLine[];
  readonly address: AddressFields;
  readonly email: string | null;
  readonly payment: { readonly kind: PaymentKind; readonly token: string | null } | null;
  /** Due at once, waiting for a person to look at the order, or over before it began. */
  readonly verdict: 'clear' | 'review' | 'blocked';
  /** The encoded `order.created` event. */
  readonly event: string;
}

/*
 * One statement writes all rows of an order. Attributes, title and price stay with the order, whatever becomes of the product.
 */
const INSERT = `
  with lines as materialized (
    select * from unnest(
      $20::smallint[], $21::text[], $22::text[], $23::int[], $24::bigint[], $25::uuid[], $26::uuid[], $27::bigint[],
      $28::bigint[], $37::text[]
    ) as line (line, sku, title, quantity, price, merchant_id, product_id, discount, tax, attributes)
  ), placed as (
    insert into orders (
      id, source, shopper_id, is_guest, currency, items_minor, discount_minor, tax_minor, shipping_minor, total_minor,
      shipping_option, risk_score, placed_at, hold_until
    ) values (
      $1::uuid, 'store', $2, $3, $4, $5::bigint, $6::bigint, $7::bigint, $8::bigint, $9::bigint, $10, $11::smallint,
      to_timestamp($12::float8 / 1000), to_timestamp($13::float8 / 1000)
    )
  ), items as (
    insert into order_items (
      order_id, line, sku, title, attributes, quantity, unit_price_minor, merchant_id, product_id, discount_minor, tax_minor
    )
    select $1::uuid, line, sku, title, attributes::jsonb, quantity, price, merchant_id, product_id, discount, tax
    from lines
  ), history as (
    insert into order_status_history (order_id, step, status, reason, actor, at)
    values ($1::uuid, 0, 'PENDING', 'placed', $14, to_timestamp($12::float8 / 1000))
  ), payment as (
    insert into payments (order_id, id, status, currency, amount_minor, kind, method_token, due_at)
    values (
      $1::uuid, $1::uuid, case $17 when 'blocked' then 'CANCELLED' else 'PENDING' end::payment_status, $4, $9::bigint,
      $15::payment_kind, $16, case when $17 = 'clear' and $15::payment_kind is not null then now() end
    )
  ), address as (
    insert into order_addresses (order_id, recipient, line1, line2, city, area, postal_code, country, phone, email)
    values ($1::uuid, $29, $30, $31, $32, $33, $34, $35, $36, $19)
  ), told as (
    insert into outbox (topic, key, payload) values ('order.created', $1::uuid::text, $18)
  )
  update checkouts set status = 'PLACED', updated_at = now() where id = $1::uuid`;

/**
 * Writes an order of the store with all that belongs to it, and that its checkout became it, inside the caller's
 * transaction.
 */
export async function insertStoreOrder(client: Asking, order: NewStoreOrder): Promise<void> {
  const { amounts, address, lines, payment } = order;
  await client.query({
    name: 'insert-store-order',
    text: INSERT,
    values: [
      ...[order.id, order.shopperId, order.isGuest, order.currency],
      ...[amounts.itemsMinor, amounts.discountMinor, amounts.taxMinor, amounts.shippingMinor, amounts.totalMinor],
      ...[order.shippingOption, order.riskScore, order.placedAtMs, order.holdUntilMs, order.actor],
      ...[payment?.kind ?? null, payment?.token ?? null, order.verdict, order.event, order.email],
      ...[lines.map(({ line }) => line), lines.map(({ sku }) => sku), lines.map(({ title }) => title)],
      ...[lines.map(({ quantity }) => quantity), lines.map(({ unitPriceMinor }) => unitPriceMinor)],
      ...[lines.map(({ merchantId }) => merchantId), lines.map(({ productId }) => productId)],
      ...[lines.map(({ discountMinor }) => discountMinor), lines.map(({ taxMinor }) => taxMinor)],
      ...[address.recipient, address.line1, address.line2, address.city, address.area, address.postalCode],
      ...[address.country, address.phone, lines.map(({ attributes }) => JSON.stringify(attributes))],
    ],
  });
}
