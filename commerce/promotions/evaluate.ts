/**
 * Which promotions a cart gets, and what each takes off each line. No line goes below nothing, and the parts add up to the
 * whole to the last minor unit. The same cart and the same promotions give the same, in whichever order they are listed.
 */
import { discountOf } from './benefit.ts';
import { eligibilityOf, worthOf } from './eligibility.ts';
import type { Buyer, Goods, Promotion, Refusal } from './promotion.ts';

export interface Applied {
  readonly promotion: Promotion;
  /** Of each line. */
  readonly linesMinor: readonly number[];
  readonly discountMinor: number;
  readonly freeShipping: boolean;
}

export interface Evaluated {
  readonly applied: readonly Applied[];
  readonly refused: readonly { readonly promotion: Promotion; readonly why: Refusal }[];
  readonly linesMinor: readonly number[];
  readonly discountMinor: number;
  readonly freeShipping: boolean;
}

export interface Offer {
  readonly goods: readonly Goods[];
  readonly promotions: readonly Promotion[];
  readonly buyer: Buyer;
  /** What free shipping would save. */
  readonly shippingMinor: number;
}

interface Candidate {
  readonly promotion: Promotion;
  readonly lines: readonly number[];
}

export function evaluatePromotions(offer: Offer): Evaluated {
  const refused: { promotion: Promotion; why: Refusal }[] = [];
  const candidates: Candidate[] = [];
  for (const promotion of [...offer.promotions].sort(byPriority)) {
    const eligibility = eligibilityOf(promotion, offer.goods, offer.buyer);
    if (eligibility.ok) candidates.push({ promotion, lines: eligibility.lines });
    else refused.push({ promotion, why: eligibility.why });
  }
  const applied = bestOf(setsOf(candidates, offer), offer);
  for (const { promotion } of candidates) {
    if (!applied.some((used) => used.promotion.id === promotion.id)) refused.push({ promotion, why: 'NOT_USED' });
  }
  const linesMinor = offer.goods.map((_, at) => applied.reduce((sum, used) => sum + (used.linesMinor[at] ?? 0), 0));
  return {
    applied,
    refused,
    linesMinor,
    discountMinor: sum(linesMinor),
    freeShipping: applied.some(({ freeShipping }) => freeShipping),
  };
}

/** The ways to combine them: all that go together, or one of the exclusive ones alone. */
function setsOf(candidates: readonly Candidate[], offer: Offer): readonly (readonly Candidate[])[] {
  const of = (stacking: string) => candidates.filter(({ promotion }) => promotion.stacking === stacking);
  const together = [...of('stack'), ...of('priority').slice(0, 1)];
  const best = of('best');
  const combined = best.length === 0 ? [together] : best.map((one) => [...together, one]);
  const ordered = combined.map((set) => [...set].sort((a, b) => byPriority(a.promotion, b.promotion)));
  return [...ordered, ...of('exclusive').map((one) => [one])].slice(0, offer.promotions.length + 1);
}

/** The one that saves most; of equals the first, where the order is that of priority. */
function bestOf(sets: readonly (readonly Candidate[])[], offer: Offer): readonly Applied[] {
  let best: readonly Applied[] = [];
  let bestSaves = 0;
  for (const set of sets) {
    const applied = applySet(set, offer);
    const saves =
      applied.reduce((total, used) => total + used.discountMinor, 0) +
      (applied.some(({ freeShipping }) => freeShipping) ? offer.shippingMinor : 0);
    if (saves > bestSaves || (best.length === 0 && applied.length > 0 && saves === bestSaves)) {
      best = applied;
      bestSaves = saves;
    }
  }
  return best;
}

/** One after the other, each on what those before left. One that takes nothing off is not used, and not used up. */
function applySet(set: readonly Candidate[], { goods }: Offer): readonly Applied[] {
  let leftMinor = goods.map(worthOf);
  const applied: Applied[] = [];
  for (const { promotion, lines } of set) {
    const freeShipping = promotion.benefit.kind === 'free-shipping';
    const linesMinor = discountOf(promotion.benefit, goods, leftMinor, lines);
    const discountMinor = sum(linesMinor);
    if (discountMinor === 0 && (!freeShipping || applied.some((used) => used.freeShipping))) continue;
    leftMinor = leftMinor.map((left, at) => left - (linesMinor[at] ?? 0));
    applied.push({ promotion, linesMinor, discountMinor, freeShipping });
  }
  return applied;
}

function byPriority(a: Promotion, b: Promotion): number {
  return b.priority - a.priority || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
