/** A shopper who gives up what they won in a drop before it is paid: with a real hold, and the worker that ends it. */
import { describe, expect, it } from 'vitest';
import type { Charge } from '../../commerce/payments/provider.ts';
import { findOrder } from '../../db/queries/find-order.ts';
import { useRunningPayments } from '../fixtures/running-payments.ts';
import { openSale } from '../fixtures/sale.ts';
import { scriptedProvider } from '../fixtures/scripted-provider.ts';
import { useShards } from '../fixtures/shards.ts';
import { useStore } from '../fixtures/store.ts';
import { valueAt } from '../fixtures/told.ts';
import { eventually } from '../servers/eventually.ts';
import { useRedis } from '../servers/redis.ts';

const store = useStore();
const core = useShards(useRedis());
const ORDERS = 16;

const startPayments = useRunningPayments({ database: store.database, core });

function start(): { readonly captured: ReadonlySet<string>; readonly refunded: ReadonlySet<string> } {
  const [captured, refunded] = [new Set<string>(), new Set<string>()];
  const provider = {
    ...scriptedProvider('stripe'),
    charge: async ({ paymentId }: Charge) => {
      captured.add(paymentId);
      return { state: 'captured', ref: `pi_${paymentId}` } as const;
    },
    cancel: async ({ paymentId }: Charge) => {
      const state = captured.has(paymentId) ? 'captured' : 'cancelled';
      return { state, ref: `pi_${paymentId}` } as const;
    },
    refund: async ({ refundId, paymentId }: { refundId: string; paymentId: string }) => {
      refunded.add(paymentId);
      return { state: 'done', ref: `re_${refundId}` } as const;
    },
  };
  startPayments([provider]);
  return { captured, refunded };
}

const sale = () => openSale({ shards: core.shards, keys: core.keys, database: store.database.pool });
const cancel = (id: string, token: string) => store.call('PUT', `/api/v1/orders/${id}/cancel`, { token });

async function ended(orderId: string) {
  return await eventually(
    async () => {
      const order = await findOrder(store.database.pool, orderId);
      return order !== undefined && order.status !== 'PENDING' ? order : false;
    },
    { withinMs: 15_000 },
  );
}

describe('the order of a drop that its shopper cancels', () => {
  it('gives its unit back, and its history says who did not want it', async () => {
    const { buy, ledger } = await sale();
    const who = await store.person();
    const { orderId } = await buy({ kind: null, shopperId: who.userId });
    expect(await ledger()).toMatchObject({ held: 1, available: 99 });
    const answer = await cancel(orderId, who.token);
    expect([answer.status, valueAt(answer.body, 'status')], answer.text).toEqual([202, 'PENDING']);
    start();
    const order = await ended(orderId);
    expect(order.history.map(({ status, reason, actor }) => `${status} ${reason} ${actor}`)).toEqual([
      'PENDING  orders',
      'CANCELLED cancelled payments',
    ]);
    expect(order.payments).toMatchObject([{ status: 'CANCELLED' }]);
    expect(await ledger()).toMatchObject({ held: 0, sold: 0, available: 100 });
    expect((await cancel(orderId, who.token)).status).toBe(200);
  });

  it('at the instant of its payment is sold or free, paid or not, and never half of it', async () => {
    const { buy, ledger } = await sale();
    const people = await Promise.all(Array.from({ length: ORDERS }, () => store.person()));
    const bought = await Promise.all(
      people.map(async (who) => ({ who, ...(await buy({ kind: 'card', token: 'pm', shopperId: who.userId })) })),
    );
    const bank = start();
    const answers = await Promise.all(bought.map(({ orderId, who }) => cancel(orderId, who.token)));
    const orders = await Promise.all(bought.map(({ orderId }) => ended(orderId)));
    for (const [at, order] of orders.entries()) {
      const isSold = order.status === 'CONFIRMED';
      expect(isSold || order.status === 'CANCELLED').toBe(true);
      // Whoever was told that it will be cancelled pays nothing; who was refused has it.
      expect([order.id, answers[at]?.status]).toEqual([order.id, isSold ? 409 : 202]);
      expect([order.id, bank.captured.has(order.id)]).toEqual([order.id, isSold]);
    }
    const sold = orders.filter(({ status }) => status === 'CONFIRMED').length;
    expect(await ledger()).toMatchObject({ held: 0, sold, available: 100 - sold });
    expect(bank.refunded.size).toBe(0);
  });
});
