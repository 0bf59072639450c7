/** What words mean to the search: their lexemes, and what they are synonyms of. */
import type { Pool } from 'pg';

export interface ReadTerm {
  readonly term: string;
  /** As a tsquery; empty for what every text has, like "the". */
  readonly query: string;
  /** The other terms of its synonyms, as tsqueries. */
  readonly alike: readonly string[];
  /** The same as they were written. */
  readonly others: readonly string[];
}

export async function readTerms(database: Pool, terms: readonly string[]): Promise<ReadonlyMap<string, ReadTerm>> {
  const { rows } = await database.query<ReadTerm>({
    name: 'search-read-terms',
    text: `
      select term,
        case when term like '% %' then phraseto_tsquery('english', search_fold(term))
             else plainto_tsquery('english', search_fold(term)) end::text as query,
        coalesce(group_of.alike, '{}') as alike, coalesce(group_of.others, '{}') as others
      from unnest($1::text[]) term
        left join lateral (
          select array_agg(distinct phraseto_tsquery('english', other)::text) as alike, array_agg(distinct other) as others
          from search_synonyms s, unnest(s.terms) other
          where s.terms @> array[search_fold(term)] and other <> search_fold(term)
            and numnode(phraseto_tsquery('english', other)) > 0
        ) group_of on true`,
    values: [[...terms]],
  });
  return new Map(rows.map((row) => [row.term, row]));
}
