import { setTimeout as delay } from 'node:timers/promises';
import { LIMITS } from '../../contracts/limits.ts';

/** Two transactions waited for one another, or saw what the other was changing: one of them was undone as if it had never been. */
const CONFLICTS: ReadonlySet<unknown> = new Set(['40P01', '40001']);
/** What two may begin to write at once, and the second finds when it looks again. */
const RACES: ReadonlySet<unknown> = new Set(['one_open_checkout']);

/** Tries a whole transaction again that the database undid in favour of another one. */
export async function retryingConflicts<T>(transaction: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (!isConflict(error) || tries >= LIMITS.conflictTries) throw error;
      // Not both at once again.
      await delay(Math.random() * 20 * tries);
    }
  }
}

function isConflict(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return CONFLICTS.has(Reflect.get(error, 'code')) || RACES.has(Reflect.get(error, 'constraint'));
}
