/** What the thread makes of a batch of claims: price, tax, fraud score, event, and the columns for the database. */
import { isDisposable } from '../../commerce/fraud/disposable.ts';
import { hourOf } from '../../commerce/fraud/facts.ts';
import type { VersionedModel } from '../../commerce/fraud/model.ts';
import { type Signal, scoreOrder, type Verdict } from '../../commerce/fraud/score.ts';
import { priceClaim } from '../../commerce/pricing/price-claim.ts';
import { encodeEvent } from '../../contracts/events/codec.ts';
import type { FraudFacts, FraudOpinion } from '../../contracts/fraud.ts';
import { formatUuidV7, timeOfId } from '../../contracts/ids.ts';
import { type DropOrder, type DropOrderColumns, dropOrderColumns } from '../../db/queries/drop-order-columns.ts';
import type { ClaimFact } from '../../db/queries/find-claim-facts.ts';
import { type ClaimColumns, type ClaimRow, rowsOf } from './claim-columns.ts';

export interface AssessTask {
  readonly claims: ClaimColumns;
  readonly facts: readonly ClaimFact[];
  /** Without one the rules judge alone. */
  readonly model?: VersionedModel | undefined;
}

export interface Flagged {
  readonly orderId: string;
  readonly shopperId: string;
  readonly dropId: string;
  readonly region: string;
  readonly verdict: Exclude<Verdict, 'clear'>;
  readonly score: number;
  readonly signals: readonly Signal[];
  readonly facts: FraudFacts;
  readonly model: FraudOpinion | null;
}

export interface AssessedClaims {
  readonly columns: DropOrderColumns;
  /** Those that somebody has to look at, and those that are blocked. */
  readonly flagged: readonly Flagged[];
}

export const HOUR_MS = 3_600_000;
const RANDOM_BYTES = 10;

export function assessClaims(task: AssessTask): AssessedClaims {
  const claims = rowsOf(task.claims);
  const shoppers = gatherFacts(claims, task.facts);
  const random = crypto.getRandomValues(new Uint8Array(claims.length * RANDOM_BYTES));
  const flagged: Flagged[] = [];
  const orders = claims.map((claim, at): DropOrder => {
    const { claimId, dropId, region, shopperId } = claim;
    const priced = priceClaim({ unitPriceMinor: claim.unitPriceMinor, quantity: claim.quantity }, region);
    if (!priced.ok) throw new RangeError(`The amount of claim ${claimId} should have been refused when it was read.`);
    const { taxMinor, totalMinor } = priced.amounts;
    const facts = factsOf(claim, totalMinor, shoppers.get(shopperId));
    const { verdict, score, ...why } = scoreOrder(facts, task.model);
    if (verdict !== 'clear')
      flagged.push({ orderId: claimId, shopperId, dropId, region, verdict, score, facts, ...why });
    const eventId = formatUuidV7(claim.claimedAtMs, random.subarray(at * RANDOM_BYTES, (at + 1) * RANDOM_BYTES));
    return { ...claim, event: createdEvent(claim, totalMinor, eventId), taxMinor, riskScore: score, verdict };
  });
  return { columns: dropOrderColumns(orders), flagged };
}

interface Shopper {
  createdAtMs: number | undefined;
  blocked: boolean;
  mailDomain: string | null;
  readonly flags: string[];
  /** When their other orders were placed, those of this batch included; by id, as some of the batch may be there already. */
  readonly orders: Map<string, number>;
}

function gatherFacts(claims: readonly ClaimRow[], facts: readonly ClaimFact[]): ReadonlyMap<string, Shopper> {
  const shoppers = new Map<string, Shopper>();
  for (const { shopperId, claimId, claimedAtMs } of claims) {
    const shopper = shoppers.get(shopperId);
    if (shopper !== undefined) shopper.orders.set(claimId, claimedAtMs);
    else {
      const orders = new Map([[claimId, claimedAtMs]]);
      shoppers.set(shopperId, { createdAtMs: undefined, blocked: false, mailDomain: null, flags: [], orders });
    }
  }
  for (const fact of facts) {
    const shopper = shoppers.get(fact.shopperId);
    if (shopper === undefined) continue;
    if (fact.kind === 'order') shopper.orders.set(fact.orderId, timeOfId(fact.orderId));
    else if (fact.kind === 'flag') shopper.flags.push(fact.flag);
    else {
      shopper.createdAtMs = fact.createdAtMs;
      shopper.blocked = fact.blocked;
      shopper.mailDomain = fact.mailDomain;
    }
  }
  return shoppers;
}

function factsOf(claim: ClaimRow, totalMinor: number, shopper: Shopper | undefined): FraudFacts {
  const { claimedAtMs, currency, shopperId, quantity } = claim;
  // A guest has no account: their id was made when they came, and says when.
  const createdAtMs = shopper?.createdAtMs ?? timeOfId(shopperId);
  let ordersWithinHour = 0;
  for (const placedAtMs of shopper?.orders.values() ?? []) {
    if (placedAtMs > claimedAtMs - HOUR_MS && placedAtMs <= claimedAtMs) ordersWithinHour += 1;
  }
  return {
    ...{ totalMinor, currency, ordersWithinHour },
    accountAgeMs: Math.max(0, claimedAtMs - createdAtMs),
    accountBlocked: shopper?.blocked ?? false,
    flags: shopper?.flags ?? [],
    isGuest: shopper?.createdAtMs === undefined,
    disposableMail: isDisposable(shopper?.mailDomain ?? null),
    ...{ hour: hourOf(claimedAtMs), units: quantity },
    // Nobody looks for these while a sale runs: they would cost a look-up for each claim. What they would tell most
    // often, a flag tells too.
    ...{ addressesDiffer: null, earlierOrders: null, failedPayments: null, accountsOnDevice: null },
  };
}

function createdEvent(claim: ClaimRow, total: number, id: string): string {
  const { claimId, dropId, shopperId, currency, sku, quantity, unitPriceMinor, claimedAtMs } = claim;
  return encodeEvent({
    type: 'order.created',
    v: 1,
    id,
    at: claimedAtMs,
    data: {
      ...{ orderId: claimId, claimId, dropId, shopperId, status: 'PENDING', total, currency },
      items: [{ sku, quantity, unitPrice: unitPriceMinor }],
    },
  });
}
