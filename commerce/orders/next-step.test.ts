import { describe, expect, it } from 'vitest';
import { PAYMENT_KINDS, PAYMENT_STATUSES } from '../../contracts/orders/payments.ts';
import { ORDER_STATES } from '../../contracts/orders/states.ts';
import { type NextStep, nextStep, type PaymentPosition } from './next-step.ts';

const PENDING = {
  source: 'drop',
  orderStatus: 'PENDING',
  review: null,
  status: 'PENDING',
  kind: 'card',
  provider: null,
} as const;

const all: PaymentPosition[] = ORDER_STATES.flatMap((orderStatus) =>
  PAYMENT_STATUSES.flatMap((status) =>
    ([null, ...PAYMENT_KINDS] as const).flatMap((kind) =>
      ([null, 'approved', 'rejected'] as const).flatMap((review) =>
        ([null, 'stripe'] as const).flatMap((provider) =>
          (['drop', 'store'] as const).map((source) => ({ source, orderStatus, status, kind, review, provider })),
        ),
      ),
    ),
  ),
);
const OVER = new Set(['CANCELLED', 'REFUND_PENDING', 'REFUNDED']);

describe('the next step of a payment', () => {
  it.each<[string, Partial<PaymentPosition>, NextStep]>([
    ['a chosen way to pay', {}, 'charge'],
    ['a shopper who has not said how to pay', { kind: null }, 'nothing'],
    ['a try whose answer was lost', { provider: 'stripe' }, 'charge'],
    ['money that was taken', { status: 'CAPTURED' }, 'confirm'],
    ['cash on delivery', { status: 'AUTHORIZED', kind: 'cod' }, 'confirm'],
    ['a declined card', { status: 'FAILED' }, 'give-back'],
    ['a declined card of the store', { source: 'store', status: 'FAILED' }, 'nothing'],
    ['a payment of the store that was called off', { source: 'store', status: 'CANCELLED' }, 'nothing'],
    ['a rejected order of the store', { source: 'store', orderStatus: 'REVIEW', review: 'rejected' }, 'give-back'],
    ['cash of a delivered order', { orderStatus: 'DELIVERED', status: 'AUTHORIZED', kind: 'cod' }, 'collect'],
    [
      'cash of an order that came back for nothing',
      { orderStatus: 'REFUNDED', status: 'AUTHORIZED', kind: 'cod' },
      'collect',
    ],
    ['cash of an order on its way', { orderStatus: 'SHIPPED', status: 'AUTHORIZED', kind: 'cod' }, 'nothing'],
    ['an order in review', { orderStatus: 'REVIEW' }, 'nothing'],
    ['an approved order', { orderStatus: 'REVIEW', review: 'approved' }, 'charge'],
    ['a rejected order', { orderStatus: 'REVIEW', review: 'rejected' }, 'give-back'],
    ['an order that ended before anybody was asked', { orderStatus: 'CANCELLED' }, 'close'],
    ['an order that ended while somebody was asked', { orderStatus: 'CANCELLED', provider: 'stripe' }, 'call-off'],
    ['money that came too late', { orderStatus: 'CANCELLED', status: 'CAPTURED', provider: 'stripe' }, 'refund'],
    ['money that came twice', { orderStatus: 'CONFIRMED', status: 'SURPLUS', provider: 'stripe' }, 'refund'],
    ['a second attempt for a paid order', { orderStatus: 'CONFIRMED', provider: 'stripe' }, 'call-off'],
    ['a paid order', { orderStatus: 'CONFIRMED', status: 'CAPTURED' }, 'nothing'],
  ])('of %s', (_what, changes, step) => {
    expect(nextStep({ ...PENDING, ...changes })).toBe(step);
  });

  it('takes money only for an order that waits for it, and that nobody rejected', () => {
    const charged = all.filter((position) => nextStep(position) === 'charge');
    expect(charged.length).toBeGreaterThan(0);
    for (const { orderStatus, review } of charged) {
      expect(orderStatus === 'PENDING' || (orderStatus === 'REVIEW' && review === 'approved')).toBe(true);
    }
  });

  it('leaves no money with an order that is over, and calls off what is under way', () => {
    for (const position of all.filter(({ orderStatus }) => orderStatus === 'CANCELLED')) {
      if (position.status === 'CAPTURED') expect(nextStep(position)).toBe('refund');
    }
    for (const position of all.filter(({ orderStatus, status }) => OVER.has(orderStatus) && status === 'PENDING')) {
      expect(nextStep(position)).toBe(position.provider === null ? 'close' : 'call-off');
    }
  });
});
