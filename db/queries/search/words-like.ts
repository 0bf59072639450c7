/**
 * Words of the catalog that may have been meant: those alike by their trigrams, and, as one wrong letter spoils most
 * trigrams of a short word, those with the same first letter and about the same length.
 */
import type { Pool } from 'pg';

export interface WordLike {
  readonly given: string;
  readonly word: string;
  readonly products: number;
}

export interface WordsLike {
  /** Those that the catalog has, as they were given. */
  readonly known: readonly string[];
  readonly alike: readonly WordLike[];
}

const MOST_PER_WORD = 30;
const MOST_SYNONYMS = 2_000;

export async function wordsLike(database: Pool, words: readonly string[]): Promise<WordsLike> {
  const { rows } = await database.query<{ known: string[]; alike: WordLike[] }>({
    name: 'search-words-like',
    text: `
      with given as (select word as given, search_fold(word) as folded from unnest($1::text[]) word),
      -- A synonym is in no product: its words are the catalog's all the same.
      called as materialized (
        select distinct word from (select terms from search_synonyms limit ${MOST_SYNONYMS}) s, unnest(s.terms) term,
          regexp_split_to_table(term, ' ') word
      ),
      known as (
        select given from given where exists (select from search_words w where w.word = folded)
          or exists (select from search_words w where w.lexeme = (ts_lexize('english_stem', folded))[1])
          or folded in (select word from called)
      ), alike as (
        select given, near.word, near.products from given, lateral (
          (select word, products from search_words w where w.word % folded order by similarity(w.word, folded) desc limit ${MOST_PER_WORD})
          union
          (select word, products from search_words w
           where left(w.word, 1) = left(folded, 1) and length(w.word) between length(folded) - 2 and length(folded) + 2
             and length(folded) between 3 and 9
             and levenshtein_less_equal(w.word, folded, 3) <= case when length(folded) > 6 then 3 else 2 end limit ${MOST_PER_WORD})
          union
          (select word, 1 from called where levenshtein_less_equal(left(word, 40), folded, 2) <= 2 limit ${MOST_PER_WORD})
        ) near
        where given not in (select given from known) and length(folded) between 3 and 40
      )
      select array(select given from known) as known,
        (select coalesce(json_agg(alike), '[]') from alike) as alike`,
    values: [[...words]],
  });
  return rows[0] ?? { known: [], alike: [] };
}
