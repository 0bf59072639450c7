/** The synonyms: groups of terms, each of which finds what the others find. */
import type { ClientBase, Pool } from 'pg';

export interface SynonymRow {
  readonly id: string;
  readonly terms: readonly string[];
  readonly updatedAtMs: number;
}

const COLUMNS = `id, terms, (extract(epoch from updated_at) * 1000)::bigint as "updatedAtMs"`;
const FOLDED = `array(select distinct btrim(search_fold(term)) from unnest($2::text[]) term where btrim(term) <> '')`;

export async function listSynonyms(
  database: Pool | ClientBase,
  page: { after: string | undefined; limit: number },
): Promise<SynonymRow[]> {
  const { rows } = await database.query<SynonymRow>(
    `select ${COLUMNS} from search_synonyms where ($1::uuid is null or id > $1) order by id limit $2`,
    [page.after ?? null, page.limit],
  );
  return rows;
}

export async function insertSynonym(
  database: Pool | ClientBase,
  id: string,
  terms: readonly string[],
): Promise<SynonymRow | undefined> {
  return await write(
    database,
    `insert into search_synonyms (id, terms) select $1, terms from (select ${FOLDED} as terms) as folded
     where cardinality(terms) >= 2 returning ${COLUMNS}`,
    id,
    terms,
  );
}

export async function updateSynonym(
  database: Pool | ClientBase,
  id: string,
  terms: readonly string[],
): Promise<SynonymRow | undefined> {
  return await write(
    database,
    `update search_synonyms set terms = folded.terms, updated_at = now() from (select ${FOLDED} as terms) as folded
     where id = $1 and cardinality(folded.terms) >= 2 returning id, search_synonyms.terms,
       (extract(epoch from updated_at) * 1000)::bigint as "updatedAtMs"`,
    id,
    terms,
  );
}

export async function deleteSynonym(database: Pool | ClientBase, id: string): Promise<boolean> {
  const { rowCount } = await database.query('delete from search_synonyms where id = $1', [id]);
  return rowCount === 1;
}

async function write(
  database: Pool | ClientBase,
  sql: string,
  id: string,
  terms: readonly string[],
): Promise<SynonymRow | undefined> {
  const { rows } = await database.query<SynonymRow>(sql, [id, [...terms]]);
  return rows[0];
}
