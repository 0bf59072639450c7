import { PRICE_STEPS_MINOR } from '../../db/queries/search/facets-sql.ts';
import type { StoredFacets } from '../../db/queries/search/find-candidates.ts';
import type { Facets, FacetValue } from './engine.ts';

/** Facets as they are shown: with names for ids, and attributes by their names. */
export function showFacets(stored: StoredFacets | null, names: Readonly<Record<string, string>>): Facets | null {
  if (stored === null) return null;
  const named = (values: StoredFacets['category']): FacetValue[] =>
    values.map(({ value, count }) => ({ value, name: names[value] ?? value, count }));
  return {
    categories: named(stored.category),
    brands: named(stored.brand),
    prices: stored.price.map(({ value, count }) => ({
      from: PRICE_STEPS_MINOR[value] ?? 0,
      to: PRICE_STEPS_MINOR[value + 1] ?? null,
      count,
    })),
    ratings: stored.rating.map(({ value, count }) => ({ atLeast: value, count })),
    availability: stored.availability,
    attributes: attributesOf(stored.attributes),
  };
}

export function idsOf(stored: StoredFacets | null): string[] {
  return stored === null ? [] : [...stored.category, ...stored.brand].map(({ value }) => value);
}

function attributesOf(values: StoredFacets['attributes']): Facets['attributes'] {
  const groups = Map.groupBy(values, ({ value }) => value.slice(0, value.indexOf('=')));
  return [...groups].map(([name, group]) => ({
    name,
    values: group.map(({ value, count }) => ({ value, name: value.slice(name.length + 1), count })),
  }));
}
