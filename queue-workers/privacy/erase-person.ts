/** Takes away all that names a person. Each step is a transaction of its own, and does no harm a second time. */
import { ERASE_STEPS } from '../../db/queries/privacy/index.ts';
import { type Database, withTransaction } from '../../platform/connections/postgres.ts';
import type { LiveThings } from './live-things.ts';

/** How many rows each step touched, of the steps that touched any. `goesOn` rejects for who is not to go on. */
export async function erasePerson(
  parts: { readonly database: Database; readonly live: LiveThings | undefined },
  userId: string,
  goesOn: () => Promise<void>,
): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const { name, statements } of ERASE_STEPS) {
    await goesOn();
    const rows = await withTransaction(parts.database, async (client) => {
      let touched = 0;
      for (const statement of statements) touched += (await client.query(statement, [userId])).rowCount ?? 0;
      return touched;
    });
    if (rows > 0) counts[name] = rows;
  }
  // After the rows: what is read of them into Redis meanwhile goes as well.
  const live = parts.live === undefined ? {} : await parts.live.erase(userId);
  for (const [name, count] of Object.entries(live)) if (count > 0) counts[name] = count;
  return counts;
}

export function added(
  before: Readonly<Record<string, number>>,
  now: Readonly<Record<string, number>>,
): Record<string, number> {
  const sum: Record<string, number> = { ...before };
  for (const [name, count] of Object.entries(now)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}
