/** Puts a tsquery together. Its parts come from PostgreSQL or are quoted here: nothing typed gets in as it is. */
import type { ReadTerm } from '../../../db/queries/search/read-words.ts';
import { runsOf } from '../typed-words.ts';

export const LONGEST_TERM = 3;

export type Demand = 'all' | 'most' | 'any';

/** One tsquery for each word or run of words that is a term of its own; what every text has is left out. */
export function partsOf(words: readonly string[], read: ReadonlyMap<string, ReadTerm>): string[] {
  const runs = runsOf(words, LONGEST_TERM).sort((a, b) => b.length - a.length);
  const parts: string[] = [];
  for (let at = 0; at < words.length; ) {
    // The longest run with synonyms wins: "coffee maker" is one thing, not two.
    const run = runs.find(({ from, term }) => from === at && (read.get(term)?.alike.length ?? 0) > 0);
    const length = run?.length ?? 1;
    const typed = words.slice(at, at + length).flatMap((word) => read.get(word)?.query || []);
    const alike = run === undefined ? [] : (read.get(run.term)?.alike ?? []);
    const own = typed.length === 0 ? [] : [`(${typed.map(inBrackets).join(' & ')})`];
    const choices = [...own, ...alike.map(inBrackets)];
    if (choices.length > 0) parts.push(`(${choices.join(' | ')})`);
    at += length;
  }
  return parts;
}

export function demand(parts: readonly string[], how: Demand): string {
  if (how === 'all' || parts.length < 2) return parts.join(' & ');
  if (how === 'any' || parts.length === 2) return parts.join(' | ');
  // All but one, whichever it is.
  return parts.map((_, left) => `(${parts.filter((_, index) => index !== left).join(' & ')})`).join(' | ');
}

export const and = (...queries: readonly string[]): string =>
  queries
    .filter((query) => query !== '')
    .map(inBrackets)
    .join(' & ');

const inBrackets = (query: string) => `(${query})`;
