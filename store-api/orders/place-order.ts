/** From a checkout to an order: all of its rows, its event and what becomes of its units and codes, in one transaction. */
import { encodeEvent } from '../../contracts/events/codec.ts';
import { LIFETIMES } from '../../contracts/limits.ts';
import { giveUpCheckout } from '../../db/queries/checkouts/end-checkout.ts';
import type { CheckoutRow } from '../../db/queries/checkouts/find-checkout.ts';
import type { CheckoutGoods } from '../../db/queries/checkouts/find-goods.ts';
import { extendOrderHolds } from '../../db/queries/extend-order-holds.ts';
import { openReviews } from '../../db/queries/open-reviews.ts';
import { commitRedemption } from '../../db/queries/redeem-codes.ts';
import { orderStep } from '../../db/queries/shipments/order-step.ts';
import { stepOrders } from '../../db/queries/step-orders.ts';
import { findOrderDetails } from '../../db/queries/store-orders/find-order-details.ts';
import { insertStoreOrder, type NewStoreOrder } from '../../db/queries/store-orders/insert-store-order.ts';
import type { DatabaseClient, LastOf } from '../../platform/connections/postgres.ts';
import { type CheckoutBody, type PaymentChoice, readBody } from '../checkout/stored-checkout.ts';
import type { Done } from '../idempotency/idempotently.ts';
import { problemOf, Refusal } from '../plugins/problems.ts';
import type { StoreServices } from '../services.ts';
import { type JudgedOrder, judgeOrder, type KnownBuyer } from './judge.ts';
import { viewOfOrder } from './view.ts';
import { detailsOf } from './written-order.ts';

const ACTOR = 'store';
type Parts = Pick<StoreServices, 'nextId' | 'clock' | 'fraud'>;

/** What an order is made of besides its checkout, looked up together with that. */
export interface OrderFacts {
  readonly goods: ReadonlyMap<number, CheckoutGoods>;
  readonly known: KnownBuyer;
  readonly payment: PaymentChoice | null;
}

/** The checkout is locked and open. What is left to be written is written with the commit. */
export async function placeOrder(
  client: DatabaseClient,
  parts: Parts,
  checkout: CheckoutRow,
  { goods, known, payment }: OrderFacts,
): Promise<LastOf<Done>> {
  const body = readBody(checkout.body);
  refuseOfSuspended(body, goods);
  const decision = judgeOrder(checkout, body, { known, nowMs: parts.clock.now(), model: parts.fraud.model() });
  const order = newOrder(parts, { checkout, body, goods, payment, decision });
  if (decision.verdict === 'blocked') {
    await insertStoreOrder(client, order);
    await block(client, parts, checkout, decision);
    return { result: { status: 403, body: problemOf('ORDER_REFUSED') } };
  }
  await commitCodes(client, checkout.id, body.promotions.length);
  const headers = { location: `/api/v1/orders/${checkout.id}` };
  if (decision.verdict === 'clear') {
    const result = { status: 201, headers, body: viewOfOrder(detailsOf(order, body)) };
    return { result, last: (asking) => insertStoreOrder(asking, order) };
  }
  await insertStoreOrder(client, order);
  await sendToReview(client, parts, checkout, decision);
  const details = await findOrderDetails(client, checkout.id);
  if (details === undefined) throw new Error('An order that was just written is not there.');
  return { result: { status: 201, headers, body: viewOfOrder(details) } };
}

/** Who was stopped since sells nothing any more, also at prices that were promised. */
function refuseOfSuspended({ lines }: CheckoutBody, goods: OrderFacts['goods']): void {
  const gone = lines.filter(({ line }) => goods.get(line)?.isSuspended === true).map(({ sku }) => sku);
  if (gone.length > 0) throw new Refusal('ITEM_UNAVAILABLE', { detail: gone.join(', ') });
}

async function commitCodes(client: DatabaseClient, id: string, uses: number): Promise<void> {
  if (uses === 0) return;
  // Given back in the meantime: what was promised at this price is not to be had any more.
  if ((await commitRedemption(client, id)) !== uses) throw new Refusal('CHECKOUT_EXPIRED');
}

interface Writing extends Pick<OrderFacts, 'goods' | 'payment'> {
  readonly checkout: CheckoutRow;
  readonly body: CheckoutBody;
  readonly decision: JudgedOrder;
}

function newOrder({ nextId, clock }: Parts, { checkout, body, goods, payment, decision }: Writing): NewStoreOrder {
  const { id, shopperId, isGuest, currency } = checkout;
  const placedAtMs = clock.now();
  const { address, email, shippingOption, amounts } = body;
  const lines = body.lines.map((line) => ({ ...line, attributes: goods.get(line.line)?.attributes ?? {} }));
  return {
    ...{ id, shopperId, isGuest, currency, amounts, shippingOption, lines, address, email, placedAtMs },
    ...{ riskScore: decision.score, verdict: decision.verdict, holdUntilMs: checkout.expiresAtMs },
    actor: `${isGuest ? 'guest' : 'shopper'} ${shopperId}`,
    payment: payment === null ? null : { kind: payment.kind, token: payment.token },
    event: encodeEvent({
      ...{ type: 'order.created', v: 1, id: nextId(), at: placedAtMs },
      data: {
        ...{ orderId: id, claimId: null, dropId: null, shopperId, status: 'PENDING', currency },
        total: amounts.totalMinor,
        items: lines.map(({ sku, quantity, unitPriceMinor }) => ({ sku, quantity, unitPrice: unitPriceMinor })),
      },
    }),
  };
}

async function sendToReview(
  client: DatabaseClient,
  { nextId, clock }: Parts,
  { id: orderId, shopperId }: CheckoutRow,
  { score, signals, facts, model }: JudgedOrder,
): Promise<void> {
  const doing = { actor: ACTOR, reason: 'a person looks at it', nowMs: clock.now(), nextId };
  await stepOrders(client, [orderStep({ orderId, source: 'store', shopperId }, 'PENDING', 'REVIEW', doing)]);
  await openReviews(client, [{ orderId, score, signals, facts, model, rejectedBy: null }]);
  // A person decides, which takes longer than a payment: the units wait for it.
  await extendOrderHolds(client, [{ orderId, untilMs: clock.now() + LIFETIMES.reviewHoldMs }]);
}

/** As the orders of a drop: what was tried is written down, its units and codes are for others. */
async function block(
  client: DatabaseClient,
  { nextId, clock }: Parts,
  { id: orderId, shopperId }: CheckoutRow,
  { score, signals, facts, model }: JudgedOrder,
): Promise<void> {
  const doing = { actor: ACTOR, reason: 'blocked', nowMs: clock.now(), nextId };
  await stepOrders(client, [orderStep({ orderId, source: 'store', shopperId }, 'PENDING', 'CANCELLED', doing)]);
  await openReviews(client, [{ orderId, score, signals, facts, model, rejectedBy: ACTOR }]);
  await giveUpCheckout(client, orderId);
}
