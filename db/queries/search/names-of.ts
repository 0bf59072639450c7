import type { Pool } from 'pg';

/** Names of categories and brands by their ids: of facets, which count ids. */
export async function namesOf(database: Pool, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await database.query<{ id: string; name: string }>({
    name: 'search-names-of',
    text: `select id, name from categories where id = any ($1::uuid[])
      union all select id, name from brands where id = any ($1::uuid[])`,
    values: [[...ids]],
  });
  return new Map(rows.map(({ id, name }) => [id, name]));
}
