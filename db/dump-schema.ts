import type { ClientBase, Pool } from 'pg';
import { QUERIES, UNKNOWN_KINDS } from './dump-queries.ts';

const HEAD = `-- The schema as all migrations together make it. Written by \`npm run migrate -- --dump\`, compared by a test; never edited.
-- The month partitions of orders and of what belongs to them are left out: make_month_partitions makes them.

set check_function_bodies = false;
`;

/**
 * The schema as SQL text that makes it again. Read from the catalogue, so that no pg_dump is needed, and ordered by name,
 * so that the same schema gives the same text whenever and in whatever order it came about.
 */
export async function dumpSchema(database: Pool | ClientBase): Promise<string> {
  await refuseWhatIsNotDumped(database);
  const parts: string[] = [HEAD];
  for (const { title, sql } of QUERIES) {
    const { rows } = await database.query<{ statement: string }>(sql);
    if (rows.length === 0) continue;
    parts.push(`-- ${title}\n`, ...rows.map((row) => `${row.statement};\n`));
  }
  return parts.join('\n');
}

/** A kind of object that the dump passed over in silence would be a difference that no test sees. */
async function refuseWhatIsNotDumped(database: Pool | ClientBase): Promise<void> {
  const { rows } = await database.query<{ what: string }>(UNKNOWN_KINDS);
  if (rows.length > 0) {
    const found = rows.map((row) => row.what).join(', ');
    throw new Error(`db/dump-queries.ts does not know how to dump ${found}. Teach it, then dump again.`);
  }
}
