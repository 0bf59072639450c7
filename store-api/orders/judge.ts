/** How suspicious an order is, by the rules of commerce/fraud, from what is known of its shopper. */
import { type FraudDecision, scoreOrder } from '../../commerce/fraud/score.ts';
import { formatUuidV7, timeOfId } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { CheckoutRow } from '../../db/queries/checkouts/find-checkout.ts';
import { findDefaultAddress } from '../../db/queries/checkouts/find-default-address.ts';
import { type ClaimFact, findClaimFacts } from '../../db/queries/find-claim-facts.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import type { CheckoutBody } from '../checkout/stored-checkout.ts';

const HOUR_MS = 3_600_000;
const NO_RANDOM = new Uint8Array(10);
const ALL_RANDOM = new Uint8Array(10).fill(0xff);

export async function judgeOrder(
  client: DatabaseClient,
  { shopperId, isGuest, currency }: CheckoutRow,
  { amounts, address }: CheckoutBody,
  nowMs: number,
): Promise<FraudDecision> {
  const facts = await findClaimFacts(client, {
    shopperIds: [shopperId],
    fromId: formatUuidV7(nowMs - HOUR_MS, NO_RANDOM),
    toId: formatUuidV7(nowMs, ALL_RANDOM),
    orders: LIMITS.ordersOfLastHour,
  });
  const home = isGuest ? undefined : await findDefaultAddress(client, shopperId);
  const account = facts.find((fact): fact is Extract<ClaimFact, { kind: 'account' }> => fact.kind === 'account');
  return scoreOrder({
    ...{ totalMinor: amounts.totalMinor, currency },
    // A guest has no account: their id was made when they came, and says when.
    accountAgeMs: Math.max(0, nowMs - (account?.createdAtMs ?? timeOfId(shopperId))),
    accountBlocked: account?.blocked ?? false,
    addressesDiffer: home !== undefined && !isSamePlace(home, address),
    ordersWithinHour: facts.filter(({ kind }) => kind === 'order').length + 1,
    flags: facts.flatMap((fact) => (fact.kind === 'flag' ? [fact.flag] : [])),
  });
}

type Place = Pick<CheckoutBody['address'], 'line1' | 'city' | 'postalCode' | 'country'>;

function isSamePlace(one: Place, other: Place): boolean {
  const textOf = ({ line1, city, postalCode, country }: Place) =>
    [line1, city, postalCode, country].join(' ').normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
  return textOf(one) === textOf(other);
}
