/**
 * How hard a challenge has to be. What an address has used of its joins over all edges is the measure: a household uses
 * a few, a machine that makes guests uses them up, and each failed proof counts as several. Each step doubles the work.
 */
import type { DropDefinition } from '../../contracts/drop.ts';

/** What a join uses of the budget of its address: guests are free to make, accounts are not. */
export const JOIN_COST = { guest: 2, user: 1 } as const;
export const FAILURE_COST = 10;

/** Joins of 50 guests from one address within a minute ask for the first proof, each doubling for a harder one. */
const FIRST_STEP = 100;
export const HIGHEST_LEVEL = 5;

/** 0 asks for nothing. */
export function levelOf(mode: DropDefinition['challenge'], used: number): number {
  if (mode === 'off') return 0;
  const suspected = used < FIRST_STEP ? 0 : Math.min(HIGHEST_LEVEL, 1 + Math.floor(Math.log2(used / FIRST_STEP)));
  return mode === 'always' ? Math.max(1, suspected) : suspected;
}

/**
 * The work of a level: at most so many keys to derive, half of them on average, each of ITERATIONS rounds. A phone that
 * derives 3,000 keys a second needs at most 0.4 s at level 1 and 5.5 s at level 5 (a desktop: 14,000 a second).
 */
export const ITERATIONS = 100;
const TRIES_OF_FIRST = 1_024;

export function triesOf(level: number): number {
  return TRIES_OF_FIRST * 2 ** (Math.min(level, HIGHEST_LEVEL) - 1);
}
