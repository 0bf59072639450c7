import type { FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import { priceCheckout } from '../../commerce/checkout/price-checkout.ts';
import { moveReservations, writeCheckoutBody } from '../../db/queries/checkouts/change-checkout.ts';
import { giveUpCheckout } from '../../db/queries/checkouts/end-checkout.ts';
import { type CheckoutRow, findCheckout } from '../../db/queries/checkouts/find-checkout.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import { type Done, idempotently } from '../idempotency/idempotently.ts';
import { callerOf, SIGNED_IN_OR_GUEST } from '../plugins/access.ts';
import { Problem, Refusal, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { orRefuse } from './draft.ts';
import { ChangeForm, saidAddress, Uuid } from './forms.ts';
import { isOwn, lockOwnOpen } from './own-checkout.ts';
import { choiceOf, waysToPay } from './payment-choice.ts';
import { planFor, shortageText } from './plan.ts';
import { type CheckoutBody, readBody } from './stored-checkout.ts';
import { CheckoutView, questionOf, viewOfCheckout } from './view.ts';

const access = SIGNED_IN_OR_GUEST;
const params = Type.Object({ id: Uuid });
const tags = ['checkout'];
const refusals = { 400: Problem, 404: Problem, 409: Problem, 410: Problem, 422: Problem } as const;

export function checkoutRoutes(app: StoreApp, services: StoreServices): void {
  const { database, clock } = services;
  app.get(
    '/checkouts/:id',
    {
      config: { access },
      schema: { summary: 'A checkout of one’s own', tags, params, response: { 200: CheckoutView, 404: Problem } },
    },
    async (request, reply) => {
      const checkout = await findCheckout(database, request.params.id);
      if (!isOwn(request, checkout)) return refuse(reply, 'NOT_FOUND');
      const ways = await waysToPay(database, payerOf(request));
      return viewOfCheckout(asOfNow(checkout, clock.now()), readBody(checkout.body), ways);
    },
  );
  app.patch(
    '/checkouts/:id',
    {
      config: { access, idempotency: 'own' },
      schema: {
        summary: 'Another address, way to send it, or way to pay; the prices of the goods stay',
        ...{ tags, params, body: ChangeForm },
        response: { ...refusals, 200: CheckoutView },
      },
    },
    (request, reply) =>
      idempotently(services, request, reply, async (client) => {
        const checkout = await lockOwnOpen(client, request, request.params.id, clock.now());
        return await change(client, request, checkout, request.body);
      }),
  );
  app.delete(
    '/checkouts/:id',
    {
      config: { access, idempotency: 'own' },
      schema: {
        summary: 'Gives a checkout up: its units and its codes are for others again',
        ...{ tags, params, response: { ...refusals, 204: Type.Null() } },
      },
    },
    (request, reply) =>
      idempotently(services, request, reply, async (client) => {
        const { id } = await lockOwnOpen(client, request, request.params.id, clock.now());
        await giveUpCheckout(client, id);
        return { status: 204, body: null };
      }),
  );
}

function payerOf(request: FastifyRequest) {
  const { userId, kind } = callerOf(request);
  return { userId, isGuest: kind === 'guest' };
}

/** Over is over, also where the worker that writes it down has not come by yet. */
function asOfNow(checkout: CheckoutRow, nowMs: number): CheckoutRow {
  const isOver = checkout.status === 'OPEN' && checkout.expiresAtMs <= nowMs;
  return isOver ? { ...checkout, status: 'EXPIRED' } : checkout;
}

async function change(
  client: DatabaseClient,
  request: FastifyRequest,
  checkout: CheckoutRow,
  form: Static<typeof ChangeForm>,
): Promise<Done> {
  const before = readBody(checkout.body);
  const payer = payerOf(request);
  const address = (await saidAddress(client, payer.userId, form)) ?? before.address;
  const payment = (await choiceOf(client, payer, form)) ?? before.payment;
  const parts = await partsFor(client, checkout, before, address);
  const body = priced(checkout, { ...before, address, payment, parts }, form.shippingOption);
  await writeCheckoutBody(client, checkout.id, JSON.stringify(body));
  return { status: 200, body: viewOfCheckout(checkout, body, await waysToPay(client, payer)) };
}

/** What goes to another country comes from the warehouses that are near to it. */
async function partsFor(
  client: DatabaseClient,
  { id, shopperId, expiresAtMs }: CheckoutRow,
  { lines, parts, address: before }: CheckoutBody,
  address: CheckoutBody['address'],
): Promise<CheckoutBody['parts']> {
  if (address.country === before.country) return parts;
  const plan = await planFor(client, shopperId, { lines, address });
  if (!plan.ok) throw new Refusal('OUT_OF_STOCK', { detail: shortageText(plan.short) });
  if (!(await moveReservations(client, { id, untilMs: expiresAtMs, parts: plan.parts }))) {
    throw new Refusal('OUT_OF_STOCK', { detail: 'Others were quicker. Try again.' });
  }
  return plan.parts;
}

/** A way to send it that there is not where it goes now gives way to the cheapest one, unless it was asked for. */
function priced(checkout: CheckoutRow, body: CheckoutBody, asked: string | undefined): CheckoutBody {
  const question = questionOf(checkout.currency, body);
  const kept = priceCheckout({ ...question, shippingOption: asked ?? body.shippingOption });
  const isGone = !kept.ok && kept.problem === 'UNKNOWN_OPTION' && asked === undefined;
  const price = orRefuse(isGone ? priceCheckout({ ...question, shippingOption: undefined }) : kept);
  return {
    ...body,
    lines: body.lines.map((line, at) => ({ ...line, taxMinor: price.linesTaxMinor[at] ?? null })),
    ...{ shippingOption: price.chosen.option.id, tax: price.tax, amounts: price.amounts },
  };
}
