/** What is said about a drop before it is scheduled. A problem keeps it from being scheduled, a warning does not. */
export const PROBLEMS = [
  'TIMES_OUT_OF_ORDER',
  'START_PAST',
  'END_PAST',
  'LOBBY_PAST',
  'TOO_FAR_AHEAD',
  'TOO_LONG',
  'UNKNOWN_SKU',
  'SKU_TWICE',
  'SKU_NOT_SOLD',
  'NO_ITEMS',
  'TOO_MANY_ITEMS',
  'NO_UNITS',
  'UNKNOWN_REGION',
  'TOO_MANY_UNITS',
  'NOT_ENOUGH_STOCK',
  'OVERLAPS',
  'CURRENCY_UNKNOWN',
  'CURRENCY_DIFFERS',
  'PRICE_MISSING',
  'PRICE_OUT_OF_RANGE',
  'LIMIT_OUT_OF_RANGE',
  'HOLD_OUT_OF_RANGE',
  'PASS_OUT_OF_RANGE',
  'ADMISSION_OUT_OF_RANGE',
  'CANNOT_SELL_IN_TIME',
  'LANES_INVALID',
] as const;
export type ProblemCode = (typeof PROBLEMS)[number];

export const WARNINGS = [
  'ACTIVE_BELOW_PACE',
  'PRICE_ABOVE_LIST',
  'PRICE_ZERO',
  'REGION_WITHOUT_UNITS',
  'HOLD_LONGER_THAN_DROP',
  'LOBBY_SHORT',
  'LANES_SAME_TIER',
] as const;
export type WarningCode = (typeof WARNINGS)[number];

export interface Finding<Code extends string> {
  /** As the form names it, such as `skus[0].allocation.eu`. */
  readonly field: string;
  readonly code: Code;
  /** With the figures that it is about. */
  readonly message: string;
}

export type Problem = Finding<ProblemCode>;
export type Warning = Finding<WarningCode>;

export interface Findings {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Warning[];
}

export function joinFindings(all: readonly Findings[]): Findings {
  return {
    problems: all.flatMap(({ problems }) => problems),
    warnings: all.flatMap(({ warnings }) => warnings),
  };
}

/**
 * What a draft may be kept with: it can turn out well by itself, or by what is done elsewhere. Everything else no table
 * of drops has room for.
 */
const OF_DRAFTS: ReadonlySet<ProblemCode> = new Set([
  ...(['START_PAST', 'END_PAST', 'LOBBY_PAST', 'TOO_FAR_AHEAD', 'TOO_LONG'] as const),
  ...(['UNKNOWN_REGION', 'NOT_ENOUGH_STOCK', 'OVERLAPS', 'NO_UNITS', 'SKU_NOT_SOLD'] as const),
  ...(['CURRENCY_DIFFERS', 'CANNOT_SELL_IN_TIME'] as const),
]);

export function mayBeDraft({ problems }: Findings): boolean {
  return problems.every(({ code }) => OF_DRAFTS.has(code));
}
