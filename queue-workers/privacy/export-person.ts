/** Everything about one person as one JSON text, read row by row and written piece by piece: never in memory as a whole. */
import { LIMITS } from '../../contracts/limits.ts';
import { EXPORT_PARTS, type ExportPart } from '../../db/queries/privacy/index.ts';
import type { Database, DatabaseClient } from '../../platform/connections/postgres.ts';
import type { LiveThings } from './live-things.ts';

export interface ExportedPerson {
  readonly userId: string;
  readonly nowMs: number;
}

const README =
  'A copy of all that this store knows of you. Times are UTC, amounts in the smallest unit of their currency. Left out are ' +
  'what would be a key (passwords, tokens) and what is about others.';

/** Text after text of the file. All of the database is of one instant. */
export async function* exportPerson(
  parts: { readonly database: Database; readonly live: LiveThings | undefined },
  { userId, nowMs }: ExportedPerson,
): AsyncGenerator<string> {
  const head = { format: 'dropgate-export/1', person: userId, at: new Date(nowMs).toISOString(), readme: README };
  yield JSON.stringify(head).slice(0, -1);
  const client = await parts.database.connect();
  let failure: Error | undefined;
  try {
    await client.query('begin transaction isolation level repeatable read read only');
    for (const part of EXPORT_PARTS) yield* listOf(part.name, rowsOf(client, part, userId));
    await client.query('commit');
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    // One in the middle of a transaction, or broken, is not used again.
    client.release(failure ?? true);
  }
  if (parts.live !== undefined) {
    for (const { name, rows } of await parts.live.of(userId)) yield* listOf(name, [rows]);
  }
  yield '\n}\n';
}

async function* listOf(
  name: string,
  batches: AsyncIterable<readonly unknown[]> | Iterable<readonly unknown[]>,
): AsyncGenerator<string> {
  yield `,\n${JSON.stringify(name)}: [`;
  let isFirst = true;
  for await (const rows of batches) {
    if (rows.length === 0) continue;
    yield (isFirst ? '\n' : ',\n') + rows.map((row) => JSON.stringify(row)).join(',\n');
    isFirst = false;
  }
  yield ']';
}

async function* rowsOf(
  client: DatabaseClient,
  { text }: ExportPart,
  userId: string,
): AsyncGenerator<readonly unknown[]> {
  await client.query(`declare part no scroll cursor for ${text}`, [userId]);
  for (;;) {
    const { rows } = await client.query(`fetch ${LIMITS.exportRows} from part`);
    yield rows;
    if (rows.length < LIMITS.exportRows) break;
  }
  await client.query('close part');
}
