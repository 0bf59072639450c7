import type { ClientBase } from 'pg';
import { exact } from '../../exact.ts';

export interface ReturnableLine {
  readonly line: number;
  readonly sku: string;
  readonly quantity: number;
  readonly unitPriceMinor: number;
  readonly discountMinor: number;
  readonly taxMinor: number;
  /** Who sells it. */
  readonly merchantId: string | null;
  /** Asked back before and not declined. */
  readonly returned: number;
}

const LINES = `
  select i.line, i.sku, i.quantity, i.unit_price_minor as "unitPriceMinor",
    coalesce(i.discount_minor, 0) as "discountMinor", coalesce(i.tax_minor, 0) as "taxMinor",
    coalesce(i.merchant_id, (
      select d.merchant_id from orders o join drops d on d.id = o.drop_id where o.id = i.order_id
    )) as "merchantId",
    coalesce((
      select sum(ri.quantity) from return_items ri join returns t on t.id = ri.return_id
      where t.order_id = i.order_id and t.status <> 'DECLINED' and ri.line = i.line
    ), 0)::int as returned
  from order_items i where i.order_id = $1 order by i.line`;

/** The lines of an order, and how much of each came back. The order is locked by the caller. */
export async function returnableLines(client: ClientBase, orderId: string): Promise<readonly ReturnableLine[]> {
  type Row = Omit<ReturnableLine, 'unitPriceMinor' | 'discountMinor' | 'taxMinor'> &
    Readonly<Record<'unitPriceMinor' | 'discountMinor' | 'taxMinor', string | number>>;
  const { rows } = await client.query<Row>({ name: 'returnable-lines', text: LINES, values: [orderId] });
  return rows.map((row) => ({
    ...row,
    unitPriceMinor: exact(row.unitPriceMinor),
    discountMinor: exact(row.discountMinor),
    taxMinor: exact(row.taxMinor),
  }));
}
