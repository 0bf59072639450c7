import type { FastifyReply, FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import { rankOfTier } from '../../commerce/checkout/tiers.ts';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import type { Owner } from '../cart/cart-store.ts';
import { Carts } from '../cart/carts.ts';
import { FORMS, ownerToChange, Params } from '../cart/forms.ts';
import { type KeptReply, send, stillRunning } from '../idempotency/answers.ts';
import { answeredBefore, askedKeyFor } from '../idempotency/idempotently.ts';
import { callerOf } from '../plugins/access.ts';
import { Problem, problemOf, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { type CheckoutDesk, createCheckoutDesk } from './checkout-desk.ts';
import { type Draft, draftOf } from './draft.ts';
import { addressFor, CheckoutForm } from './forms.ts';
import type { CheckoutOutcome, CheckoutRequest } from './make-checkouts.ts';
import { choiceOf, type WayToPay, waysToPay } from './payment-choice.ts';
import { type Plan, planFor, type Shortage, shortageText } from './plan.ts';
import { CheckoutView, viewOfCheckout } from './view.ts';

const OutOfStock = Type.Object({
  ...Problem.properties,
  short: Type.Optional(
    Type.Array(Type.Object({ sku: Type.String(), asked: Type.Integer(), available: Type.Integer() }), {
      description: 'With OUT_OF_STOCK: of what there is not enough, and how much is left.',
    }),
  ),
});

export function createCheckoutRoutes(app: StoreApp, services: StoreServices): void {
  const maker = { services, carts: new Carts(services), desk: createCheckoutDesk(services) };
  for (const { at, access } of FORMS) {
    app.post(
      `${at}/checkout`,
      {
        config: { access, idempotency: 'own' },
        schema: {
          summary: 'Begin to buy what is in the cart: sets its units aside for 15 minutes, at the prices shown',
          description: 'One open checkout for each shopper: a new one ends the one before.',
          tags: ['checkout'],
          params: Params,
          body: CheckoutForm,
          response: { 201: CheckoutView, 400: Problem, 404: Problem, 409: OutOfStock, 422: Problem },
        },
      },
      async (request, reply) => {
        if (await answeredBefore(services, request, reply)) return;
        const owner = await ownerToChange(request, request.params, services);
        await begin(maker, request, reply, owner, request.body);
      },
    );
  }
}

interface Maker {
  readonly services: StoreServices;
  readonly carts: Carts;
  readonly desk: CheckoutDesk;
}

async function begin(
  maker: Maker,
  request: FastifyRequest,
  reply: FastifyReply,
  owner: Owner,
  form: Static<typeof CheckoutForm>,
): Promise<void> {
  const { services, desk } = maker;
  const { draft, ways } = await prepare(maker, request, owner, form);
  for (let tries = 0; tries < LIMITS.checkoutPlans; tries += 1) {
    const plan = await planFor(services.database, owner.userId, draft.body);
    if (!plan.ok) return await outOfStock(reply, plan.short);
    const made = requestOf(services, draft, { plan, ways, asked: askedKeyFor(request, {}) });
    const outcome = await desk.make(made);
    // Others were quicker: perhaps there is some elsewhere.
    if (outcome.kind === 'lost') continue;
    return await tell(services, request, reply, { outcome, made });
  }
  await outOfStock(reply, []);
}

async function prepare(
  { services, carts }: Maker,
  request: FastifyRequest,
  owner: Owner,
  form: Static<typeof CheckoutForm>,
): Promise<{ draft: Draft; ways: readonly WayToPay[] }> {
  const caller = callerOf(request);
  const payer = { userId: owner.userId, isGuest: owner.kind === 'guest' };
  if (payer.isGuest && form.email === undefined) throw new Refusal('EMAIL_REQUIRED');
  const [address, payment, ways] = await Promise.all([
    addressFor(services, owner, form),
    choiceOf(services.database, payer, form),
    waysToPay(services.database, payer),
  ]);
  const draft = await draftOf(services, carts, owner, {
    ...{ address, email: form.email ?? null, shippingOption: form.shippingOption, payment: payment ?? null },
    tier: owner.userId === caller.userId ? caller.tier : undefined,
  });
  return { draft, ways };
}

async function tell(
  services: StoreServices,
  request: FastifyRequest,
  reply: FastifyReply,
  { outcome, made }: { outcome: CheckoutOutcome; made: CheckoutRequest },
): Promise<void> {
  if (outcome.kind === 'refused') throw new Refusal(outcome.code, { detail: outcome.detail });
  if (outcome.kind === 'made') {
    noteStart(services, made);
    await send(reply, made.answer);
    return;
  }
  // Between the first look and now: the answer is there, or will be.
  if (!(await answeredBefore(services, request, reply))) throw stillRunning(reply);
}

function noteStart({ figures }: StoreServices, { id: checkoutId, draft: { owner, currency, body } }: CheckoutRequest) {
  const values = { checkoutId, items: body.lines.length, amount: body.amounts.totalMinor, currency };
  figures.note('checkout.started', values, { subjectId: owner.userId });
}

function requestOf(
  { nextId, clock }: StoreServices,
  draft: Draft,
  given: {
    plan: Extract<Plan, { ok: true }>;
    ways: readonly WayToPay[];
    asked: CheckoutRequest['asked'];
  },
): CheckoutRequest {
  const { parts } = given.plan;
  const [id, untilMs] = [nextId(), clock.now() + LIFETIMES.checkoutMs];
  const shown = { id, status: 'OPEN', currency: draft.currency, expiresAtMs: untilMs } as const;
  const answer: KeptReply = {
    ...{ status: 201, headers: { location: `/api/v1/checkouts/${id}` } },
    body: viewOfCheckout(shown, { ...draft.body, parts }, given.ways),
  };
  return { id, draft, parts, untilMs, answer, rank: rankOfTier(draft.tier), asked: given.asked };
}

async function outOfStock(reply: FastifyReply, short: readonly Shortage[]): Promise<void> {
  const detail = short.length === 0 ? 'Others were quicker.' : shortageText(short);
  reply.code(409).type('application/problem+json');
  await reply.send({ ...problemOf('OUT_OF_STOCK', detail), short });
}
