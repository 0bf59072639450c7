import type { ClientBase, Pool } from 'pg';
import type { PaymentKind } from '../../../contracts/orders/payments.ts';
import { exact } from '../../exact.ts';
import type { AddressFields } from '../addresses.ts';

export interface InvoiceSeller {
  readonly id: string;
  readonly name: string;
  readonly line1: string;
  readonly postalCode: string;
  readonly city: string;
  readonly country: string;
  readonly taxNumber: string;
}

export interface InvoiceLine {
  readonly title: string;
  readonly sku: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly quantity: number;
  readonly unitPriceMinor: number;
  readonly discountMinor: number;
  /** Null where it is inside the price. */
  readonly taxMinor: number | null;
  readonly sellerId: string | null;
}

export interface InvoiceFacts {
  readonly region: string | null;
  readonly currency: string;
  readonly itemsMinor: number;
  readonly discountMinor: number;
  readonly taxMinor: number;
  readonly shippingMinor: number;
  readonly totalMinor: number;
  readonly placedAtMs: number;
  /** Whether the order was ever confirmed: before that there is nothing to bill. */
  readonly wasConfirmed: boolean;
  /** Of the buyer's preferences; null of who has chosen none. */
  readonly language: string | null;
  readonly buyerName: string;
  readonly address: AddressFields | null;
  readonly lines: readonly InvoiceLine[];
  readonly sellers: readonly InvoiceSeller[];
  readonly payments: readonly {
    readonly kind: PaymentKind | null;
    readonly atMs: number;
    readonly amountMinor: number;
  }[];
  readonly refunds: readonly { readonly atMs: number; readonly amountMinor: number }[];
}

const MS = (column: string) => `round(extract(epoch from ${column}) * 1000)`;
const FACTS = `
  with lines as materialized (
    select i.*, coalesce(i.merchant_id, (select merchant_id from drops where id = $2::uuid)) as seller_id
    from order_items i where i.order_id = $1
  )
  select o.region, o.currency, o.items_minor as "itemsMinor", o.discount_minor as "discountMinor",
    o.tax_minor as "taxMinor", o.shipping_minor as "shippingMinor", o.total_minor as "totalMinor",
    ${MS('o.placed_at')}::float8 as "placedAtMs",
    exists (select from order_status_history where order_id = $1 and status = 'CONFIRMED') as "wasConfirmed",
    (select language from preferences where user_id = o.shopper_id) as language,
    coalesce((select name from users where id = o.shopper_id), '') as "buyerName",
    (
      select json_build_object(
        'recipient', recipient, 'line1', line1, 'line2', line2, 'city', city, 'area', area, 'postalCode', postal_code,
        'country', country, 'phone', phone
      ) from order_addresses where order_id = $1
    ) as address,
    array(
      select json_build_object(
        'title', title, 'sku', sku, 'attributes', attributes, 'quantity', quantity, 'unitPriceMinor', unit_price_minor,
        'discountMinor', coalesce(discount_minor, 0), 'taxMinor', tax_minor, 'sellerId', seller_id
      ) from lines order by line
    ) as lines,
    array(
      select json_build_object(
        'id', u.id, 'name', coalesce(m.legal_name, nullif(u.name, ''), u.id::text), 'line1', coalesce(m.line1, ''),
        'postalCode', coalesce(m.postal_code, ''), 'city', coalesce(m.city, ''), 'country', coalesce(m.country, ''),
        'taxNumber', coalesce(m.tax_number, '')
      )
      from users u left join merchants m on m.user_id = u.id
      where u.id in (select seller_id from lines) order by u.id
    ) as sellers,
    array(
      select json_build_object(
        'kind', kind, 'atMs', ${MS('coalesce(captured_at, created_at)')}, 'amountMinor', amount_minor
      )
      from payments where order_id = $1 and status in ('CAPTURED', 'AUTHORIZED') order by id
    ) as payments,
    array(
      select json_build_object('atMs', ${MS('r.done_at')}, 'amountMinor', r.amount_minor)
      from payments p join refunds r on r.order_id = p.order_id and r.payment_id = p.id
      where p.order_id = $1 and p.status = 'CAPTURED' and r.status = 'DONE' order by r.done_at, r.id
    ) as refunds
  from orders o where o.id = $1`;

const AMOUNTS = ['itemsMinor', 'discountMinor', 'taxMinor', 'shippingMinor', 'totalMinor'] as const;

/** All that an invoice says. */
export async function invoiceFacts(
  database: Pool | ClientBase,
  orderId: string,
  dropId: string | null,
): Promise<InvoiceFacts | undefined> {
  type Row = Omit<InvoiceFacts, (typeof AMOUNTS)[number]> & Readonly<Record<(typeof AMOUNTS)[number], string | number>>;
  const { rows } = await database.query<Row>({ name: 'invoice-facts', text: FACTS, values: [orderId, dropId] });
  const row = rows[0];
  if (row === undefined) return undefined;
  return {
    ...row,
    itemsMinor: exact(row.itemsMinor),
    discountMinor: exact(row.discountMinor),
    taxMinor: exact(row.taxMinor),
    shippingMinor: exact(row.shippingMinor),
    totalMinor: exact(row.totalMinor),
  };
}
