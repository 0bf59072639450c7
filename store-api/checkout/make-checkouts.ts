/**
 * Checkouts that are made together, in one transaction: the units are set aside, the codes are used, the checkout and the
 * answer to its key are written, all of it or nothing. Of those that want the same last units the better tiers come first.
 */
import type { ErrorCode } from '../../contracts/errors.ts';
import { LIFETIMES } from '../../contracts/limits.ts';
import { findOpenShoppers } from '../../db/queries/checkouts/find-checkout.ts';
import { insertCheckouts, type NewCheckout } from '../../db/queries/checkouts/insert-checkouts.ts';
import { findKeys, keepKeys, lockKeys, nameOf } from '../../db/queries/idempotency-keys.ts';
import { type RedemptionProblem, redeemCodes } from '../../db/queries/redeem-codes.ts';
import { endReservations, reserveStock, type StockRequest } from '../../db/queries/stock/reserve-stock.ts';
import { type DatabaseClient, withShortTransaction } from '../../platform/connections/postgres.ts';
import type { Asking } from '../../platform/connections/postgres-together.ts';
import { type KeptReply, keptAnswerOf } from '../idempotency/answers.ts';
import type { AskedKey } from '../idempotency/asked-key.ts';
import type { StoreServices } from '../services.ts';
import type { Draft } from './draft.ts';
import type { CheckoutBody } from './stored-checkout.ts';

export interface CheckoutRequest {
  readonly id: string;
  readonly draft: Draft;
  readonly parts: CheckoutBody['parts'];
  readonly rank: number;
  readonly untilMs: number;
  readonly asked: AskedKey | undefined;
  readonly answer: KeptReply;
}

export type CheckoutOutcome =
  | { readonly kind: 'made' }
  /** Somebody has its key in hand, or has had it: to be looked up again. */
  | { readonly kind: 'repeated' }
  /** Others were quicker. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly detail: string }
  /** There is an open checkout of this shopper, or another of this batch: to be made by itself (replace-checkout.ts). */
  | { readonly kind: 'alone' };

type Parts = Pick<StoreServices, 'database' | 'clock'>;

export async function makeCheckouts(
  { database, clock }: Parts,
  requests: readonly CheckoutRequest[],
): Promise<CheckoutOutcome[]> {
  const outcomes = new Map<string, CheckoutOutcome>();
  const names = requests.flatMap(({ asked }) => asked ?? []);
  const shopperIds = requests.map(({ draft }) => draft.owner.userId);
  const findAll = (asking: Asking) =>
    Promise.all([lockKeys(asking, names), findKeys(asking, names, clock.now()), findOpenShoppers(asking, shopperIds)]);
  const makeAll = async (client: DatabaseClient, [locked, known, open]: Awaited<ReturnType<typeof findAll>>) => {
    // A transaction that is made again begins with nothing.
    outcomes.clear();
    const fresh = withoutRepeated(requests, outcomes, { locked, known });
    const first = withoutSecond(fresh, outcomes, open);
    const reserved = await reserveStock(client, first.map(stockRequestOf));
    const made: CheckoutRequest[] = [];
    for (const request of first) {
      if (!reserved.has(request.id)) outcomes.set(request.id, { kind: 'lost' });
      else if (await redeemed(client, request, outcomes, clock.now())) made.push(request);
    }
    for (const { id } of made) outcomes.set(id, { kind: 'made' });
    return { result: undefined, last: (asking: Asking) => writeAll(asking, made, clock.now()) };
  };
  await withShortTransaction(database, { first: findAll, work: makeAll }, { plannedOnce: true });
  return requests.map(({ id }) => outcomes.get(id) ?? { kind: 'lost' });
}

function withoutRepeated(
  requests: readonly CheckoutRequest[],
  outcomes: Map<string, CheckoutOutcome>,
  { locked, known }: { readonly locked: ReadonlySet<string>; readonly known: ReadonlyMap<string, unknown> },
): CheckoutRequest[] {
  const taken = new Set<string>();
  return requests.filter(({ id, asked }) => {
    if (asked === undefined) return true;
    const name = nameOf(asked);
    const isFree = locked.has(name) && !known.has(name) && !taken.has(name);
    taken.add(name);
    if (!isFree) outcomes.set(id, { kind: 'repeated' });
    return isFree;
  });
}

/** A shopper has one open checkout. One that is opened from now on breaks a unique index, and all is tried again. */
function withoutSecond(
  requests: readonly CheckoutRequest[],
  outcomes: Map<string, CheckoutOutcome>,
  open: ReadonlySet<string>,
): CheckoutRequest[] {
  const seen = new Set(open);
  return requests.filter(({ id, draft }) => {
    const isFirst = !seen.has(draft.owner.userId);
    seen.add(draft.owner.userId);
    if (!isFirst) outcomes.set(id, { kind: 'alone' });
    return isFirst;
  });
}

/** Its units are given back when a code is not to be had any more. */
async function redeemed(
  client: DatabaseClient,
  request: CheckoutRequest,
  outcomes: Map<string, CheckoutOutcome>,
  nowMs: number,
): Promise<boolean> {
  const refusal = await useCodes(client, request, nowMs);
  if (refusal === undefined) return true;
  await endReservations(client, [request.id], 'RELEASED');
  outcomes.set(request.id, refusal);
  return false;
}

export async function useCodes(
  client: DatabaseClient,
  { id: reference, draft }: CheckoutRequest,
  nowMs: number,
): Promise<Extract<CheckoutOutcome, { kind: 'refused' }> | undefined> {
  if (draft.uses.length === 0) return undefined;
  const untilMs = nowMs + LIFETIMES.checkoutCodesMs;
  const { owner, uses } = draft;
  const done = await redeemCodes(client, { reference, userId: owner.userId, uses, nowMs, untilMs });
  if (done.ok) return undefined;
  const title = draft.body.promotions.find(({ id }) => id === done.promotionId)?.title ?? '';
  const detail = `“${title}” cannot be used any more. Look at the cart again.`;
  return { kind: 'refused', code: CODE_OF[done.problem], detail };
}

const CODE_OF: Readonly<Record<RedemptionProblem, ErrorCode>> = {
  ENDED: 'COUPON_NOT_APPLICABLE',
  CODE_USED: 'COUPON_USED',
  LIMIT_REACHED: 'COUPON_USED',
  USER_LIMIT_REACHED: 'COUPON_USED',
  GIVEN_BACK: 'COUPON_NOT_APPLICABLE',
};

export function stockRequestOf({ id: orderId, rank, untilMs, parts }: CheckoutRequest): StockRequest {
  return { orderId, rank, untilMs, parts };
}

export async function writeAll(asking: Asking, made: readonly CheckoutRequest[], nowMs: number): Promise<void> {
  const kept = made.flatMap(({ asked, answer }) => (asked === undefined ? [] : [keptAnswerOf(asked, answer, nowMs)]));
  await Promise.all([insertCheckouts(asking, made.map(rowOf)), keepKeys(asking, kept)]);
}

function rowOf({ id, draft, parts, untilMs }: CheckoutRequest): NewCheckout {
  const { owner, tier = null, currency, body } = draft;
  const whole: CheckoutBody = { ...body, parts };
  return {
    ...{ id, shopperId: owner.userId, isGuest: owner.kind === 'guest', tier, currency, untilMs },
    body: JSON.stringify(whole),
  };
}
