import Type from 'typebox';
import { type CheckoutRow, findCheckout, lockCheckoutByKey } from '../../db/queries/checkouts/find-checkout.ts';
import { findGoods } from '../../db/queries/checkouts/find-goods.ts';
import { Carts } from '../cart/carts.ts';
import { PaymentForm, Uuid } from '../checkout/forms.ts';
import { ownOpen } from '../checkout/own-checkout.ts';
import { choiceOf } from '../checkout/payment-choice.ts';
import { readBody } from '../checkout/stored-checkout.ts';
import { send, sendAgain } from '../idempotency/answers.ts';
import { onceInShort } from '../idempotency/idempotently.ts';
import { callerOf, SIGNED_IN_OR_GUEST } from '../plugins/access.ts';
import { Problem } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { EmptyingCart } from './emptying-cart.ts';
import { findKnownBuyer } from './judge.ts';
import { placeOrder } from './place-order.ts';
import { OrderView } from './view.ts';

const Body = Type.Object(
  { checkoutId: Uuid, paymentMethodId: Type.Optional(Uuid), paymentMethod: Type.Optional(PaymentForm) },
  {
    additionalProperties: false,
    description:
      'Paid as the checkout says unless it is said here; if neither does, it waits for POST /payments/process.',
  },
);

export function placeOrderRoute(app: StoreApp, services: StoreServices): void {
  const carts = new Carts(services);
  app.post(
    '/orders',
    {
      config: { access: SIGNED_IN_OR_GUEST, idempotency: 'own' },
      schema: {
        summary: 'Makes an order of a checkout. Needs an Idempotency-Key',
        description: 'It is paid a moment later: GET /orders/{id} tells, and the edge by WebSocket and mail.',
        tags: ['orders'],
        body: Body,
        response: {
          201: OrderView,
          400: Problem,
          403: Problem,
          404: Problem,
          409: Problem,
          410: Problem,
          422: Problem,
        },
      },
    },
    async (request, reply) => {
      const fromMs = services.clock.now();
      const { checkoutId, ...said } = request.body;
      const { userId, kind } = callerOf(request);
      const payer = { userId, isGuest: kind === 'guest' };
      let placed: CheckoutRow | undefined;
      const emptying = new EmptyingCart(services, carts.store, { userId, kind });
      await emptying.look();
      const { kept, isNew } = await onceInShort(
        services,
        { request, reply },
        {
          first: (asking, key) => {
            emptying.begin();
            return Promise.all([
              lockCheckoutByKey(asking, checkoutId, key),
              findGoods(asking, checkoutId),
              findKnownBuyer(asking, payer, services.clock.now()),
            ]);
          },
          async work(client, [found, goods, known]) {
            const checkout = ownOpen(request, found, services.clock.now());
            placed = checkout;
            const payment = (await choiceOf(client, payer, said)) ?? readBody(checkout.body).payment;
            const done = await placeOrder(client, services, checkout, { goods, known, payment });
            return done.result.status === 201 ? await emptying.alongWith(done, checkout) : done;
          },
        },
      );
      if (kept.status === 201) {
        await emptying.finish(placed ?? (await findCheckout(services.database, checkoutId)), request.log);
      }
      if (isNew && kept.status === 201 && placed !== undefined) noteOrder(services, placed, fromMs);
      await (isNew ? send(reply, kept) : sendAgain(reply, kept));
    },
  );
}

function noteOrder(
  { figures, tracing, clock }: StoreServices,
  { id: orderId, shopperId, currency, body }: CheckoutRow,
  fromMs: number,
): void {
  tracing.begin(orderId, 'order placed', { fromMs, untilMs: clock.now() });
  const { lines, amounts } = readBody(body);
  const values = { orderId, items: lines.length, amount: amounts.totalMinor, currency };
  figures.note('order.placed', values, { subjectId: shopperId });
}
