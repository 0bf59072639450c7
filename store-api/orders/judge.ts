/** How suspicious an order is, by the rules and the model of commerce/fraud, from what is known of its shopper. */
import { isDisposable } from '../../commerce/fraud/disposable.ts';
import { hourOf } from '../../commerce/fraud/facts.ts';
import type { VersionedModel } from '../../commerce/fraud/model.ts';
import { type FraudDecision, scoreOrder } from '../../commerce/fraud/score.ts';
import type { FraudFacts } from '../../contracts/fraud.ts';
import { formatUuidV7, timeOfId } from '../../contracts/ids.ts';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import type { AddressFields } from '../../db/queries/addresses.ts';
import type { CheckoutRow } from '../../db/queries/checkouts/find-checkout.ts';
import { findDefaultAddress } from '../../db/queries/checkouts/find-default-address.ts';
import { type ClaimFact, findClaimFacts } from '../../db/queries/find-claim-facts.ts';
import { type BuyerFacts, findBuyerFacts } from '../../db/queries/fraud/buyer-facts.ts';
import type { Asking } from '../../platform/connections/postgres-together.ts';
import type { CheckoutBody } from '../checkout/stored-checkout.ts';

const HOUR_MS = 3_600_000;
const NO_RANDOM = new Uint8Array(10);
const ALL_RANDOM = new Uint8Array(10).fill(0xff);

/** A decision with what it was made of, to be kept where somebody may ask why. */
export interface JudgedOrder extends FraudDecision {
  readonly facts: FraudFacts;
}

/** What is looked up of who orders, all of it together. */
export interface KnownBuyer {
  readonly claims: readonly ClaimFact[];
  readonly buyer: BuyerFacts;
  /** Of accounts. */
  readonly home: AddressFields | undefined;
}

export async function findKnownBuyer(
  asking: Asking,
  { userId: shopperId, isGuest }: { readonly userId: string; readonly isGuest: boolean },
  nowMs: number,
): Promise<KnownBuyer> {
  const from = (sinceMs: number) => formatUuidV7(nowMs - sinceMs, NO_RANDOM);
  const [yearId, dayId] = [from(LIFETIMES.fraudOrdersMs), from(LIFETIMES.fraudTriesMs)];
  const [claims, buyer, home] = await Promise.all([
    findClaimFacts(asking, {
      ...{ shopperIds: [shopperId], fromId: from(HOUR_MS), toId: formatUuidV7(nowMs, ALL_RANDOM) },
      orders: LIMITS.ordersOfLastHour,
    }),
    findBuyerFacts(asking, { shopperId, nowMs, yearId, dayId }),
    isGuest ? undefined : findDefaultAddress(asking, shopperId),
  ]);
  return { claims, buyer, home };
}

export function judgeOrder(
  checkout: CheckoutRow,
  body: CheckoutBody,
  {
    known,
    nowMs,
    model,
  }: { readonly known: KnownBuyer; readonly nowMs: number; readonly model: VersionedModel | undefined },
): JudgedOrder {
  const facts = factsOf(checkout, body, known, nowMs);
  return { ...scoreOrder(facts, model), facts };
}

function factsOf(
  { shopperId, isGuest, currency }: CheckoutRow,
  { amounts, address, email, lines }: CheckoutBody,
  { claims, buyer, home }: KnownBuyer,
  nowMs: number,
): FraudFacts {
  const account = claims.find((fact): fact is Extract<ClaimFact, { kind: 'account' }> => fact.kind === 'account');
  return {
    ...{ ...buyer, totalMinor: amounts.totalMinor, currency, isGuest, hour: hourOf(nowMs) },
    // A guest has no account: their id was made when they came, and says when.
    accountAgeMs: Math.max(0, nowMs - (account?.createdAtMs ?? timeOfId(shopperId))),
    accountBlocked: account?.blocked ?? false,
    addressesDiffer: home === undefined ? null : !isSamePlace(home, address),
    ordersWithinHour: claims.filter(({ kind }) => kind === 'order').length + 1,
    flags: claims.flatMap((fact) => (fact.kind === 'flag' ? [fact.flag] : [])),
    disposableMail: isDisposable(email?.split('@').at(-1) ?? account?.mailDomain ?? null),
    units: lines.reduce((sum, { quantity }) => sum + quantity, 0),
  };
}

type Place = Pick<CheckoutBody['address'], 'line1' | 'city' | 'postalCode' | 'country'>;

function isSamePlace(one: Place, other: Place): boolean {
  const textOf = ({ line1, city, postalCode, country }: Place) =>
    [line1, city, postalCode, country].join(' ').normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
  return textOf(one) === textOf(other);
}
