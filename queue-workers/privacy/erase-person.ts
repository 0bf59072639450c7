/** Takes away all that names a person. Each step is a transaction of its own, and does no harm a second time. */
import { lockUser } from '../../db/queries/identities.ts';
import { findObstacles } from '../../db/queries/privacy/find-obstacles.ts';
import { ERASE_STEPS } from '../../db/queries/privacy/index.ts';
import { type Database, type DatabaseClient, withTransaction } from '../../platform/connections/postgres.ts';
import type { LiveThings } from './live-things.ts';

/** What came up between looking for obstacles and the first step. */
export class Obstructed extends Error {
  readonly obstacles: readonly string[];
  constructor(obstacles: readonly string[]) {
    super('there is something in the way of an erasure');
    this.obstacles = obstacles;
  }
}

/**
 * How many rows each step touched, of the steps that touched any. `goesOn` rejects for who is not to go on. Rejects with
 * Obstructed, and has done nothing then, when somebody has given the account a role in this moment.
 */
export async function erasePerson(
  parts: { readonly database: Database; readonly live: LiveThings | undefined },
  userId: string,
  goesOn: () => Promise<void>,
): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const [at, { name, statements }] of ERASE_STEPS.entries()) {
    await goesOn();
    const rows = await withTransaction(parts.database, async (client) => {
      if (at === 0) await lockFree(client, userId);
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

/** Locked, so that who gives it a role comes before, and is seen, or after, and finds nobody. */
async function lockFree(client: DatabaseClient, userId: string): Promise<void> {
  await lockUser(client, userId);
  const obstacles = await findObstacles(client, userId);
  if (obstacles.length > 0) throw new Obstructed(obstacles);
}

export function added(
  before: Readonly<Record<string, number>>,
  now: Readonly<Record<string, number>>,
): Record<string, number> {
  const sum: Record<string, number> = { ...before };
  for (const [name, count] of Object.entries(now)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}
