import { BOOKKEEPING, INVOICED, type TablesData } from './kinds.ts';

const inOrders = { exported: 'orders', because: BOOKKEEPING } as const;
const onlyIds = 'Only ids and amounts, which the books need.';

export const ORDERS: TablesData = {
  orders: {
    none: 'id source drop_id region step hold_until updated_at claim_key is_guest shipping_option',
    person: 'shopper_id',
    personal: 'risk_score',
    kept: 'status currency items_minor discount_minor tax_minor shipping_minor total_minor placed_at created_at',
    ...{ ...inOrders, erased: 'orders' },
  },
  order_items: {
    none: 'order_id line product_id',
    person: 'merchant_id',
    kept: 'sku title attributes quantity unit_price_minor discount_minor tax_minor',
    ...{ ...inOrders, notErased: onlyIds },
  },
  order_addresses: {
    none: 'order_id updated_at',
    personal: 'phone email',
    kept: 'recipient line1 line2 city area postal_code country',
    ...{ exported: 'orders', because: INVOICED, erased: 'orderAddresses' },
  },
  order_status_history: {
    none: 'order_id step reason at',
    person: 'actor',
    kept: 'status',
    ...{ ...inOrders, notErased: onlyIds },
  },
  order_reviews: {
    none: 'order_id opened_at decision decided_at',
    person: 'decided_by',
    personal: 'score signals facts model',
    ...{ exported: 'orders', erased: 'orderReviews' },
  },
  payments: {
    none: 'order_id id provider failure due_at tries updated_at',
    secret: 'method_token',
    personal: 'action_url',
    kept: 'status kind currency amount_minor refunded_minor created_at captured_at provider_ref',
    ...{ ...inOrders, erased: 'payments' },
  },
  provider_refs: {
    none: 'provider order_id payment_id',
    kept: 'provider_ref',
    because: BOOKKEEPING,
    ...{ notExported: 'The reference of each payment, which is in orders.', notErased: onlyIds },
  },
  refunds: {
    none: 'id order_id payment_id provider_ref failure due_at tries',
    personal: 'reason',
    kept: 'amount_minor status created_at done_at',
    ...{ ...inOrders, erased: 'refunds' },
  },
  invoices: { none: 'order_id', kept: 'number issued_at', ...inOrders, notErased: onlyIds },
  shipments: {
    none: 'id order_id number warehouse_id service created_at told_delivered_at closed_at',
    person: 'merchant_id',
    kept: 'status carrier tracking_code shipped_at delivered_at',
    ...{ ...inOrders, notErased: 'What was sent, when and by whom, is the proof that an invoice was earned.' },
  },
  shipment_items: { none: 'shipment_id line sku quantity' },
  shipment_events: {
    none: 'shipment_id',
    kept: 'at code place',
    ...{ ...inOrders, notErased: 'Depots of a carrier, not addresses.' },
  },
  returns: {
    none: 'id order_id refund_id decided_at received_at refunded_at',
    person: 'merchant_id',
    personal: 'reason note',
    kept: 'status refund_minor requested_at',
    ...{ ...inOrders, erased: 'returns' },
  },
  return_items: { none: 'return_id line sku quantity amount_minor warehouse_id restocked' },
  reservations: { none: 'id order_id sku warehouse_id quantity status expires_at created_at ended_at line' },
  ledger_accounts: {
    none: 'id kind created_at provider shard',
    person: 'owner_id',
    kept: 'currency balance_minor',
    because: BOOKKEEPING,
    ...{ exported: 'wallet', notErased: 'The ledger is a journal; a wallet is empty before its owner is erased.' },
  },
  ledger_entries: {
    none: 'transfer_id account_id',
    kept: 'amount_minor',
    because: BOOKKEEPING,
    ...{ exported: 'wallet', notErased: onlyIds },
  },
  ledger_transfers: {
    none: 'id',
    kept: 'kind order_id at',
    because: BOOKKEEPING,
    ...{ exported: 'wallet', notErased: onlyIds },
  },
  webhook_events: { none: 'provider event_id type provider_ref received_at' },
  invoice_numbers: { none: 'year last' },
};
