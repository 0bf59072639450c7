import type { ClientBase, Pool } from 'pg';
import type { PaymentKind, PaymentStatus } from '../../../contracts/orders/payments.ts';
import type { OrderSource } from '../../../contracts/orders/sources.ts';
import type { OrderState } from '../../../contracts/orders/states.ts';
import { exact } from '../../exact.ts';
import type { AddressFields } from '../addresses.ts';

export interface OrderDetails {
  readonly id: string;
  readonly source: OrderSource;
  readonly dropId: string | null;
  readonly shopperId: string;
  readonly status: OrderState;
  readonly currency: string;
  readonly itemsMinor: number;
  readonly discountMinor: number;
  readonly taxMinor: number;
  readonly shippingMinor: number;
  readonly totalMinor: number;
  readonly shippingOption: string | null;
  readonly placedAtMs: number;
  readonly holdUntilMs: number | null;
  readonly items: readonly OrderLine[];
  readonly payments: readonly {
    readonly id: string;
    readonly status: PaymentStatus;
    readonly kind: PaymentKind | null;
    readonly actionUrl: string | null;
    readonly amountMinor: number;
    readonly refundedMinor: number;
  }[];
  readonly history: readonly { readonly status: OrderState; readonly reason: string; readonly atMs: number }[];
  readonly address: (AddressFields & { readonly email: string | null }) | null;
  readonly parcels: readonly {
    readonly id: string;
    readonly number: number;
    readonly status: 'PENDING' | 'SHIPPED' | 'DELIVERED' | 'CANCELLED';
    readonly carrier: string | null;
    readonly trackingCode: string | null;
  }[];
}

export interface OrderLine {
  readonly line: number;
  readonly sku: string;
  readonly title: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly quantity: number;
  readonly unitPriceMinor: number;
  readonly discountMinor: number | null;
  readonly taxMinor: number | null;
  readonly merchantId: string | null;
  readonly productId: string | null;
}

type Amount = 'itemsMinor' | 'discountMinor' | 'taxMinor' | 'shippingMinor' | 'totalMinor';
type Row = Omit<OrderDetails, Amount> & Readonly<Record<Amount, string | number>>;

const FIND = `
  select id, source, drop_id as "dropId", shopper_id as "shopperId", status, currency,
    items_minor as "itemsMinor", discount_minor as "discountMinor", tax_minor as "taxMinor",
    shipping_minor as "shippingMinor", total_minor as "totalMinor", shipping_option as "shippingOption",
    round(extract(epoch from placed_at) * 1000)::float8 as "placedAtMs",
    round(extract(epoch from hold_until) * 1000)::float8 as "holdUntilMs",
    array(
      select json_build_object(
        'line', line, 'sku', sku, 'title', title, 'attributes', attributes, 'quantity', quantity,
        'unitPriceMinor', unit_price_minor, 'discountMinor', discount_minor, 'taxMinor', tax_minor,
        'merchantId', merchant_id, 'productId', product_id
      ) from order_items where order_id = $1 order by line
    ) as items,
    array(
      select json_build_object(
        'id', id, 'status', status, 'kind', kind, 'actionUrl', action_url,
        'amountMinor', amount_minor, 'refundedMinor', refunded_minor
      ) from payments where order_id = $1 order by created_at, id
    ) as payments,
    array(
      select json_build_object('status', status, 'reason', reason, 'atMs', round(extract(epoch from at) * 1000))
      from order_status_history where order_id = $1 order by step
    ) as history,
    (
      select json_build_object(
        'recipient', recipient, 'line1', line1, 'line2', line2, 'city', city, 'area', area,
        'postalCode', postal_code, 'country', country, 'phone', phone, 'email', email
      ) from order_addresses where order_id = $1
    ) as address,
    array(
      select json_build_object(
        'id', id, 'number', number, 'status', status, 'carrier', carrier, 'trackingCode', tracking_code
      ) from shipments where order_id = $1 order by number
    ) as parcels
  from orders where id = $1`;

/** An order with all that its shopper sees of it. The id says the month, so one partition of each table is read. */
export async function findOrderDetails(
  database: Pool | ClientBase,
  orderId: string,
): Promise<OrderDetails | undefined> {
  const { rows } = await database.query<Row>({ name: 'find-order-details', text: FIND, values: [orderId] });
  const row = rows[0];
  if (row === undefined) return undefined;
  const { itemsMinor, discountMinor, taxMinor, shippingMinor, totalMinor } = row;
  return {
    ...row,
    ...{ itemsMinor: exact(itemsMinor), discountMinor: exact(discountMinor), taxMinor: exact(taxMinor) },
    ...{ shippingMinor: exact(shippingMinor), totalMinor: exact(totalMinor) },
  };
}
