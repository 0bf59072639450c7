/** Filters as lexemes: they are looked up in the same index as the words, and so cost nothing where they match much. */
import type { SearchFilters } from '../engine.ts';

/** The step of a price: four to each doubling. As the function search_rows of the database counts them. */
const fine = (minor: number) => Math.floor(4 * Math.log2(minor + 1));
const HIGHEST_COARSE = 15;
const FINE_PER_COARSE = 16;
/** Whatever the bounds are, there are no more steps than this to be named. */
const HIGHEST = HIGHEST_COARSE * FINE_PER_COARSE;

export function filterQuery(filters: SearchFilters): string {
  const groups = [
    filters.categoryIds.map((id) => `=c:${plain(id)}`),
    filters.brandIds.map((id) => `=b:${plain(id)}`),
    ...attributeGroups(filters.attributes),
    ...filters.tags.map((tag) => [`=t:${tag}`]),
    filters.ratingMin === undefined ? [] : [`=r:${filters.ratingMin}`],
    priceTerms(filters.priceMinMinor, filters.priceMaxMinor),
  ].filter((group) => group.length > 0);
  const parts = groups.map((group) => `(${group.map(quoted).join(' | ')})`);
  if (filters.inStock !== undefined) parts.push(filters.inStock ? quoted('=s') : `!${quoted('=s')} & ${quoted('=*')}`);
  return parts.join(' & ');
}

/** What every product has. */
export const EVERYTHING = "'=*'";

/** Values of one attribute are alternatives. */
function attributeGroups(attributes: readonly string[]): string[][] {
  const groups = Map.groupBy(attributes, (attribute) => attribute.slice(0, attribute.indexOf('=')));
  return [...groups.values()].map((group) => group.map((attribute) => `=a:${attribute}`));
}

/**
 * The steps that a range of prices touches. Whole coarse steps where they fit, so that even a wide range is some forty
 * lexemes; the exact bounds are compared afterwards, on what is left.
 */
export function priceTerms(minMinor: number | undefined, maxMinor: number | undefined): string[] {
  if (minMinor === undefined && maxMinor === undefined) return [];
  const from = Math.min(HIGHEST, fine(minMinor ?? 0));
  const to = Math.min(HIGHEST, fine(maxMinor ?? Number.POSITIVE_INFINITY));
  const terms: string[] = [];
  for (let step = from; step <= to; ) {
    const isWhole = step % FINE_PER_COARSE === 0 && step + FINE_PER_COARSE - 1 <= to;
    terms.push(isWhole ? `=P:${step / FINE_PER_COARSE}` : `=p:${step}`);
    step += isWhole ? FINE_PER_COARSE : 1;
  }
  return terms;
}

const plain = (id: string) => id.replaceAll('-', '');
const quoted = (lexeme: string) => `'${lexeme.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
