import type { Pool } from 'pg';
import type { StoredFacets } from './find-candidates.ts';

/** The facets of the whole catalog, if they have been counted. */
export async function findTotals(database: Pool): Promise<{ products: number; facets: StoredFacets } | undefined> {
  const { rows } = await database.query<{ products: number; facets: StoredFacets }>({
    name: 'search-find-totals',
    text: 'select products, facets from search_totals',
  });
  return rows[0];
}
