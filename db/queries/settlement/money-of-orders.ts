import type { ClientBase, Pool } from 'pg';
import type { OrderMoney } from '../../../contracts/orders/money.ts';

/*
 * Lateral: one look-up an order, in the one month that its id says. Amounts travel as JSON numbers, which hold every
 * amount there can be (LIMITS.priceMinor × LIMITS.unitsPerShopper is far below 2^53).
 */
const FIND = `
  select o.id as "orderId", o.shopper_id as "shopperId", o.drop_id as "dropId", o.region, o.currency, lines.lines,
    coalesce(captures.captures, '[]') as captures, coalesce(given.refunds, '[]') as refunds
  from unnest($1::uuid[]) as wanted (id)
  join lateral (select id, shopper_id, drop_id, region, currency from orders where id = wanted.id limit 1) o on true
  join lateral (
    select jsonb_agg(jsonb_build_object(
      'line', i.line, 'merchantId', coalesce(i.merchant_id, d.merchant_id), 'productId', coalesce(i.product_id, v.product_id),
      'sku', i.sku, 'quantity', i.quantity, 'unitPriceMinor', i.unit_price_minor,
      'discountMinor', coalesce(i.discount_minor, 0), 'taxMinor', coalesce(i.tax_minor, 0)
    ) order by i.line) as lines
    from order_items i left join drops d on d.id = o.drop_id left join variants v on v.sku = i.sku
    where i.order_id = o.id
  ) lines on lines.lines is not null
  left join lateral (
    select jsonb_agg(jsonb_build_object(
      'id', p.id, 'amountMinor', p.amount_minor, 'atMs', floor(extract(epoch from p.captured_at) * 1000),
      'isSurplus', p.status = 'SURPLUS'
    ) order by p.captured_at, p.id) as captures
    from payments p where p.order_id = o.id and p.captured_at is not null
  ) captures on true
  left join lateral (
    select jsonb_agg(jsonb_build_object(
      'id', r.id, 'paymentId', r.payment_id, 'amountMinor', r.amount_minor,
      'atMs', floor(extract(epoch from r.done_at) * 1000), 'returned', coalesce((
        select jsonb_agg(jsonb_build_object('line', ti.line, 'amountMinor', ti.amount_minor))
        from returns t join return_items ti on ti.return_id = t.id where t.refund_id = r.id and t.order_id = o.id
      ), '[]')
    ) order by r.done_at, r.id) as refunds
    from refunds r where r.order_id = o.id and r.status = 'DONE'
  ) given on true`;

/** Of those of these orders that there are. */
export async function moneyOfOrders(
  client: ClientBase | Pool,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, OrderMoney>> {
  if (orderIds.length === 0) return new Map();
  const { rows } = await client.query<OrderMoney>({ name: 'money-of-orders', text: FIND, values: [orderIds] });
  return new Map(rows.map((row) => [row.orderId, row]));
}
