/** Values for each notice, as they may come. */
import type { NoticeTemplate, NoticeValues } from '../../../contracts/notices.ts';
import { newId } from '../../fixtures/drop.ts';

const orderId = newId();
export const order = { orderId, title: 'Sneaker 42', quantity: 2, total: 980_050, currency: 'EUR' };
export const VALUES: { readonly [T in NoticeTemplate]: NoticeValues<T> } = {
  'order-confirmed': order,
  'order-cancelled': { ...order, reason: 'expired' },
  'payment-declined': { ...order, reason: 'card_declined' },
  'payment-action': {
    orderId,
    title: 'Sneaker 42',
    actionUrl: 'https://bank.test/3ds?a=1&b=2',
    until: Date.UTC(2026, 4, 3, 17, 5),
  },
  'hold-expired': { orderId, title: 'Sneaker 42', quantity: 2 },
  'refund-done': { orderId, title: 'Sneaker 42', amount: 980_050, currency: 'EUR' },
  'parcel-shipped': {
    ...{
      orderId,
      title: 'Sneaker 42',
      parcel: 1,
      parcels: 2,
      carrier: 'house',
      trackingCode: 'DG01234567890123456789',
    },
    ...{ expectedFrom: Date.UTC(2026, 4, 4), expectedUntil: Date.UTC(2026, 4, 6) },
  },
  'merchant-decision': { decision: 'suspend', name: 'Clay & Co', note: 'Parcels were empty.' },
  'stock-alert': { sku: 'MUG-1', title: 'Mug', available: 0, more: 2 },
  'order-delivered': { orderId, title: 'Sneaker 42', returnUntil: Date.UTC(2026, 5, 3) },
  'return-decided': {
    ...{ orderId, title: 'Sneaker 42', decision: 'approved', amount: 980_050, currency: 'EUR' },
    note: 'Please use the same box.',
  },
  'drop-reminder': { dropId: newId(), title: 'Sneaker drop', startsAt: Date.UTC(2026, 4, 3, 17, 5) },
  'review-decided': { title: 'Sneaker 42', decision: 'reject', note: 'It names a person.' },
  'webhook-disabled': { host: 'erp.test', failingSince: Date.UTC(2026, 4, 3) },
  'drop-sold-out': { dropId: newId(), title: 'Sneaker drop' },
  'drop-ended': { dropId: newId(), title: 'Sneaker drop', sold: 90, unsold: 10 },
  'cart-abandoned': { title: 'Sneaker 42', items: 3 },
};
