/** What words mean to the search: their lexemes, and what they are synonyms of. */
import type { Pool } from 'pg';

export interface ReadTerm {
  readonly term: string;
  /** As a tsquery; empty for what every text has, like "the". */
  readonly query: string;
  /** The other terms of its synonyms, as tsqueries. */
  readonly alike: readonly string[];
}

export async function readTerms(database: Pool, terms: readonly string[]): Promise<ReadonlyMap<string, ReadTerm>> {
  const { rows } = await database.query<ReadTerm>({
    name: 'search-read-terms',
    text: `
      select term,
        case when term like '% %' then phraseto_tsquery('english', search_fold(term))
             else plainto_tsquery('english', search_fold(term)) end::text as query,
        array(
          select distinct phraseto_tsquery('english', other)::text
          from search_synonyms s, unnest(s.terms) other
          where s.terms @> array[search_fold(term)] and other <> search_fold(term) and numnode(phraseto_tsquery('english', other)) > 0
        ) as alike
      from unnest($1::text[]) term`,
    values: [[...terms]],
  });
  return new Map(rows.map((row) => [row.term, row]));
}
