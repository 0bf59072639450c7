import type { FastifyReply, FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import { rankOfTier } from '../../commerce/checkout/tiers.ts';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { findStock } from '../../db/queries/checkouts/find-stock.ts';
import { findKey } from '../../db/queries/idempotency-keys.ts';
import type { Asking } from '../../platform/connections/postgres-together.ts';
import type { Owner } from '../cart/cart-store.ts';
import { Carts } from '../cart/carts.ts';
import { FORMS, ownerToChange, Params } from '../cart/forms.ts';
import { type LookedUp, lookUp } from '../cart/summary.ts';
import { type KeptReply, readAnswer, send, sendAgain, stillRunning } from '../idempotency/answers.ts';
import { answeredBefore, askedKeyFor } from '../idempotency/idempotently.ts';
import { callerOf } from '../plugins/access.ts';
import { Problem, problemOf, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { type CheckoutDesk, createCheckoutDesk } from './checkout-desk.ts';
import { type Draft, draftOf } from './draft.ts';
import { addressFor, CheckoutForm } from './forms.ts';
import type { CheckoutOutcome, CheckoutRequest } from './make-checkouts.ts';
import { choiceOf, type WayToPay, waysToPay } from './payment-choice.ts';
import { type Plan, planFor, planFrom, type Shortage, shortageText } from './plan.ts';
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
        const { params, body } = request;
        const isOwn = params.userId === undefined || params.userId === callerOf(request).userId;
        // Before it is written down that support did something; of one's own it is looked up with all the rest.
        if (!isOwn && (await answeredBefore(services, request, reply))) return;
        await begin(maker, request, reply, await ownerToChange(request, params, services), body);
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
  const { carts } = maker;
  const kept = await carts.store.load(owner).catch(async (error: unknown) => {
    // What was answered is known without the cart.
    if (await answeredBefore(services, request, reply)) return undefined;
    throw error;
  });
  if (kept === undefined) return;
  const asked = askedKeyFor(request, {});
  const looked = await lookUp(services, owner, kept, (asking, skus) =>
    findMore(asking, { owner, form, asked, skus }, services),
  );
  const before = asked === undefined ? undefined : readAnswer(reply, asked, looked.along.answer);
  if (before !== undefined) return void (await sendAgain(reply, before));
  const { draft, ways } = await prepare(maker, request, { owner, form, looked });
  for (let tries = 0; tries < LIMITS.checkoutPlans; tries += 1) {
    const { body } = draft;
    const plan =
      tries === 0 ? planFrom(looked.along.stock, body) : await planFor(services.database, owner.userId, body);
    if (!plan.ok) return await outOfStock(reply, plan.short);
    const made = requestOf(services, draft, { plan, ways, asked });
    const outcome = await desk.make(made);
    // Others were quicker: perhaps there is some elsewhere.
    if (outcome.kind === 'lost') continue;
    return await tell(services, request, reply, { outcome, made });
  }
  await outOfStock(reply, []);
}

interface More {
  readonly owner: Owner;
  readonly form: Static<typeof CheckoutForm>;
  readonly asked: CheckoutRequest['asked'];
  readonly skus: readonly string[];
}

/** All that a checkout needs to know besides its cart. What is wrong with the form counts only where nothing was answered yet. */
async function findMore(asking: Asking, { owner, form, asked, skus }: More, { clock }: StoreServices) {
  const payer = payerOf(owner);
  const [answer, said, ways, stock] = await Promise.all([
    asked === undefined ? undefined : findKey(asking, asked, clock.now()),
    Promise.allSettled([addressFor(asking, owner, form), choiceOf(asking, payer, form)]),
    waysToPay(asking, payer),
    findStock(asking, skus, owner.userId),
  ]);
  return { answer, said, ways, stock };
}

interface Prepared {
  readonly owner: Owner;
  readonly form: Static<typeof CheckoutForm>;
  readonly looked: LookedUp<Awaited<ReturnType<typeof findMore>>>;
}

async function prepare(
  { services }: Maker,
  request: FastifyRequest,
  { owner, form, looked }: Prepared,
): Promise<{ draft: Draft; ways: readonly WayToPay[] }> {
  const caller = callerOf(request);
  const { said, ways } = looked.along;
  if (owner.kind === 'guest' && form.email === undefined) throw new Refusal('EMAIL_REQUIRED');
  const [address, payment] = [saidOf(said[0]), saidOf(said[1]) ?? null];
  const { email = null, shippingOption } = form;
  const tier = owner.userId === caller.userId ? caller.tier : undefined;
  const draft = await draftOf(services, owner, {
    said: { address, email, shippingOption, payment, tier },
    looked,
  });
  return { draft, ways };
}

const payerOf = ({ userId, kind }: Owner) => ({ userId, isGuest: kind === 'guest' });

function saidOf<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
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
