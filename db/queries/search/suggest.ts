/** What a half-typed text may become: its last word completed, categories, brands, and products of the best tier. */
import type { Pool } from 'pg';

export interface Suggested {
  readonly words: readonly string[];
  readonly categories: readonly { id: string; name: string }[];
  readonly brands: readonly { id: string; name: string }[];
  readonly products: readonly { id: string; title: string; slug: string }[];
}

/** The products of the first tier that are looked at: a single letter matches thousands. */
const LOOKED_AT = 300;

export async function suggest(
  database: Pool,
  question: {
    readonly typed: string;
    readonly last: string;
    readonly before: readonly string[];
    readonly limit: number;
  },
): Promise<Suggested> {
  const { rows } = await database.query<Suggested>({
    name: 'search-suggest',
    text: `
      with given as materialized (
        select replace(replace(replace(search_fold($1), '\\', ''), '%', ''), '_', '') as typed,
          replace(replace(replace(search_fold($2), '\\', ''), '%', ''), '_', '') as last
      ), matched as materialized (
        select product_id, quality from search_products
        where tier = 0 and document @@ (
          select coalesce(plainto_tsquery('english', search_fold(array_to_string($3::text[], ' '))), ''::tsquery)
            && case when last = '' then ''::tsquery else (quote_literal(last) || ':*')::tsquery end from given)
        limit ${LOOKED_AT}
      ), best as (select product_id, quality from matched order by quality desc limit $4)
      select
        -- Of the forms of one word, the one that most products have.
        array(select word from (
            select distinct on (lexeme) word, products from search_words, given
            where last <> '' and word ~>=~ last and word ~<~ (last || chr(1114111)) order by lexeme, products desc, word
          ) as forms order by products desc, word limit $4) as words,
        (select coalesce(json_agg(x), '[]') from (
          select id, name from categories, given where typed <> '' and search_fold(name) like '%' || typed || '%'
          order by length(name), name limit $4) x) as categories,
        (select coalesce(json_agg(x), '[]') from (
          select id, name from brands, given where typed <> '' and search_fold(name) ~>=~ typed and search_fold(name) ~<~ (typed || chr(1114111))
          order by name limit $4) x) as brands,
        (select coalesce(json_agg(json_build_object('id', p.id, 'title', p.title, 'slug', p.slug) order by quality desc), '[]')
         from best join products p on p.id = best.product_id and p.status = 'active') as products`,
    values: [question.typed, question.last, [...question.before], question.limit],
  });
  return rows[0] ?? { words: [], categories: [], brands: [], products: [] };
}
