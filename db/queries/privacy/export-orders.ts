import type { ExportPart } from './parts.ts';

const items = `
  select json_agg(json_build_object('line', line, 'sku', sku, 'title', title, 'attributes', attributes,
    'quantity', quantity, 'unitPrice', unit_price_minor, 'discount', discount_minor, 'tax', tax_minor) order by line)
  from order_items where order_id = o.id`;
const address = `
  select json_build_object('recipient', recipient, 'line1', line1, 'line2', line2, 'city', city, 'area', area,
    'postalCode', postal_code, 'country', country, 'phone', phone, 'email', email)
  from order_addresses where order_id = o.id`;
const history = `
  select json_agg(json_build_object('status', status, 'reason', reason, 'at', at) order by step)
  from order_status_history where order_id = o.id`;
const payments = `
  select json_agg(json_build_object('kind', kind, 'status', status, 'currency', currency, 'amount', amount_minor,
    'refunded', refunded_minor, 'provider', provider, 'providerRef', provider_ref, 'failure', failure,
    'confirmAt', action_url, 'createdAt', created_at, 'capturedAt', captured_at) order by id)
  from payments where order_id = o.id`;
const refunds = `
  select json_agg(json_build_object('amount', amount_minor, 'reason', reason, 'status', status, 'createdAt', created_at,
    'doneAt', done_at) order by id)
  from refunds where order_id = o.id`;
const parcels = `
  select json_agg(json_build_object('number', number, 'status', status, 'carrier', carrier, 'trackingCode', tracking_code,
    'shippedAt', shipped_at, 'deliveredAt', delivered_at, 'events', (
      select json_agg(json_build_object('at', at, 'code', code, 'place', place) order by at)
      from shipment_events where shipment_id = s.id)) order by number)
  from shipments s where order_id = o.id`;
const returned = `
  select json_agg(json_build_object('status', r.status, 'reason', r.reason, 'note', r.note, 'refund', r.refund_minor,
    'requestedAt', r.requested_at, 'items', (
      select json_agg(json_build_object('line', line, 'sku', sku, 'quantity', quantity) order by line)
      from return_items where return_id = r.id)) order by r.id)
  from returns r where r.order_id = o.id`;
const invoice = `
  select json_build_object('number', number, 'issuedAt', issued_at) from invoices where order_id = o.id`;
const review = `
  select json_build_object('score', score, 'signals', signals, 'facts', facts, 'model', model, 'decision', decision, 'decidedAt', decided_at)
  from order_reviews where order_id = o.id`;

export const ORDER_PARTS: readonly ExportPart[] = [
  {
    name: 'orders',
    text: `
      select o.id, o.source, o.status, o.currency, o.items_minor as "itemsTotal", o.discount_minor as "discount",
        o.tax_minor as "tax", o.shipping_minor as "shipping", o.total_minor as "total", o.placed_at as "placedAt",
        o.created_at as "createdAt", o.shipping_option as "shippingOption", o.risk_score as "riskScore",
        (${items}) as items, (${address}) as address, (${history}) as history, (${payments}) as payments,
        (${refunds}) as refunds, (${parcels}) as parcels, (${returned}) as returns, (${invoice}) as invoice,
        (${review}) as review
      from orders o where o.shopper_id = $1 order by o.id`,
  },
  {
    name: 'wallet',
    text: `
      select a.currency, a.balance_minor as "balance", (
        select json_agg(json_build_object('kind', t.kind, 'amount', e.amount_minor, 'orderId', t.order_id, 'at', t.at)
          order by t.id)
        from ledger_entries e join ledger_transfers t on t.id = e.transfer_id where e.account_id = a.id) as entries
      from ledger_accounts a where a.owner_id = $1 order by a.currency`,
  },
];
