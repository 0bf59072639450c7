import Type, { type Static } from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import {
  type Attempt,
  choosePayment,
  insertAttempt,
  lockPayableOrder,
  type PayableOrder,
  type WayToPay,
} from '../../db/queries/store-payments/open-attempt.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import { PaymentForm } from '../checkout/forms.ts';
import { choiceOf } from '../checkout/payment-choice.ts';
import { idempotently } from '../idempotency/idempotently.ts';
import { callerOf, SIGNED_IN_OR_GUEST } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { Uuid } from './forms.ts';

const Body = Type.Object(
  { orderId: Uuid, paymentMethodId: Type.Optional(Uuid), paymentMethod: Type.Optional(PaymentForm) },
  { additionalProperties: false },
);
const Accepted = Type.Object({
  id: Type.String({ description: 'Of the payment: GET /payments/{id}/status tells what becomes of it.' }),
  orderId: Type.String(),
  status: Type.Literal('PENDING'),
});

/** The money itself is taken by the payments worker: what is written here is that it is to be. */
export function processPaymentRoute(app: StoreApp, services: StoreServices): void {
  app.post(
    '/payments/process',
    {
      config: { access: SIGNED_IN_OR_GUEST, idempotency: 'own' },
      schema: {
        summary: 'Pays an order that waits for it, or tries another way after one was declined',
        description: 'Needs an Idempotency-Key. 202: ask for the status.',
        tags: ['payments'],
        body: Body,
        response: { 202: Accepted, 400: Problem, 401: Problem, 404: Problem, 409: Problem, 422: Problem },
      },
    },
    async (request, reply) => {
      const body = request.body;
      const work = async (client: DatabaseClient) => {
        const { userId, kind } = callerOf(request);
        const way = await wayOf(client, { userId, isGuest: kind === 'guest' }, body);
        const order = await lockPayableOrder(client, body.orderId);
        if (order === undefined || order.shopperId !== userId) throw new Refusal('NOT_FOUND');
        const id = await openAttempt(client, services, order, way);
        return { status: 202, body: { id, orderId: order.orderId, status: 'PENDING' } };
      };
      return await idempotently(services, request, reply, work, { required: true });
    },
  );
}

async function wayOf(
  client: DatabaseClient,
  payer: { readonly userId: string; readonly isGuest: boolean },
  body: Static<typeof Body>,
): Promise<WayToPay> {
  const choice = await choiceOf(client, payer, body);
  if (choice === undefined) throw new Refusal('INVALID', { detail: 'Say how: paymentMethodId or paymentMethod.' });
  return { kind: choice.kind, token: choice.token };
}

async function openAttempt(
  client: DatabaseClient,
  { nextId }: StoreServices,
  order: PayableOrder,
  way: WayToPay,
): Promise<string> {
  const { attempts, source } = order;
  // Said before the decision of a review, it is taken after it; after an approval another card may be needed.
  const isOpen = order.status === 'PENDING' || (order.status === 'REVIEW' && !order.isRejected);
  if (!isOpen) {
    throw new Refusal('ORDER_NOT_PAYABLE', { detail: `The order is ${order.status}.` });
  }
  if (!order.isInTime) throw new Refusal('ORDER_NOT_PAYABLE', { detail: 'Its time to be paid is over.' });
  const unchosen = attempts.find(({ status, kind }) => status === 'PENDING' && kind === null);
  if (unchosen === undefined && attempts.some(mayTake)) throw new Refusal('PAYMENT_UNDER_WAY');
  if (unchosen !== undefined) {
    await choosePayment(client, { orderId: order.orderId, id: unchosen.id }, way);
    return unchosen.id;
  }
  // The unit of a drop is for whoever is next: its order is about to be cancelled.
  if (source === 'drop') throw new Refusal('ORDER_NOT_PAYABLE', { detail: 'The payment of a drop has one try.' });
  if (attempts.length >= LIMITS.paymentAttempts) throw new Refusal('ATTEMPTS_USED_UP');
  const id = nextId();
  await insertAttempt(client, order, id, way);
  return id;
}

/** Taken, or it may still be. */
function mayTake({ status }: Attempt): boolean {
  return status !== 'FAILED' && status !== 'CANCELLED';
}
