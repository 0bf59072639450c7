/** Holds what shoppers were told against the orders there are, and both against the units there were. */
import type { Audit } from '../report/audit.ts';
import type { Asked } from './generator/notes.ts';

export interface Sold {
  readonly units: number;
  /** What would still be sold. */
  readonly left: number;
  /** Ids of orders: those that shoppers were told they have, and those that are committed. */
  readonly told: readonly string[];
  readonly committed: readonly string[];
}

export interface Books {
  /** Units promised or ordered, or still for sale, beyond those there were. */
  readonly oversold: number;
  /** Told yes, and there is no order. */
  readonly lost: number;
  /** Orders that no shopper was told of. */
  readonly untold: number;
  /** Units that are neither for sale any more nor anybody's. */
  readonly stranded: number;
  /** Units that are for sale still: whoever was told that all is gone was told a lie. */
  readonly left: number;
}

export function balance({ units, left, told, committed }: Sold): Books {
  const orders = new Set(committed);
  const yes = new Set(told);
  const lost = [...yes].filter((id) => !orders.has(id)).length;
  const untold = [...orders].filter((id) => !yes.has(id)).length;
  const gone = orders.size + lost;
  return {
    oversold: Math.max(0, gone + left - units),
    lost,
    untold,
    stranded: Math.max(0, units - left - gone),
    left,
  };
}

export function addBooks(all: readonly Books[]): Books {
  const sum = (count: (books: Books) => number): number => all.reduce((total, books) => total + count(books), 0);
  return {
    oversold: sum(({ oversold }) => oversold),
    lost: sum(({ lost }) => lost),
    untold: sum(({ untold }) => untold),
    stranded: sum(({ stranded }) => stranded),
    left: sum(({ left }) => left),
  };
}

const NOTHING: Books = { oversold: 0, lost: 0, untold: 0, stranded: 0, left: 0 };
/** What is true at the end of a sale: all is gone, or who asks has as many as they may, and their pass is used up. */
const HONEST = new Set(['SOLD_OUT', 'LIMIT_REACHED', 'PASS_VOID']);

/** Of the product nothing is allowed to be off, and no refusal is without a reason. */
export function auditOurs(
  what: string,
  books: Books | undefined,
  asked: readonly Pick<Asked, 'refused' | 'unanswered'>[],
  isScarce: boolean,
): Audit {
  const { oversold, lost, untold, stranded, left } = books ?? NOTHING;
  const isUntrue = (code: string): boolean => !isScarce || !HONEST.has(code) || (code === 'SOLD_OUT' && left > 0);
  const refusals = asked.flatMap(({ refused }) => Object.entries(refused)).filter(([code]) => isUntrue(code));
  const unanswered = asked.reduce((sum, { unanswered: missing }) => sum + missing, 0);
  const problems = [
    ...(books === undefined ? ['nothing was counted'] : []),
    ...(oversold > 0 ? [`${oversold} units oversold`] : []),
    ...(lost > 0 ? [`${lost} told yes without an order`] : []),
    ...(untold > 0 ? [`${untold} orders that nobody was told of`] : []),
    ...(stranded > 0 ? [`${stranded} units that are nobody's`] : []),
    ...(unanswered > 0 ? [`${unanswered} claims were never answered`] : []),
    ...refusals.map(([code, count]) => `${count} refusals ${code}, for which there was no reason`),
  ].map((problem) => `${what}: ${problem}`);
  return { ok: problems.length === 0, oversold, lost: lost + stranded, duplicated: untold, problems };
}
