import { setTimeout as delay } from 'node:timers/promises';
import { PLATFORM_LIMITS } from '../limits.ts';

/** Two transactions waited for one another, or saw what the other was changing: one of them was undone as if it had never been. */
const CONFLICTS: ReadonlySet<unknown> = new Set(['40P01', '40001']);

/** Tries a whole transaction again that the database undid in favour of another one. */
export async function retryConflicts<T>(
  transaction: () => Promise<T>,
  isConflictToo: (error: Error) => boolean = () => false,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (!(error instanceof Error) || tries >= PLATFORM_LIMITS.conflictTries) throw error;
      if (!CONFLICTS.has(Reflect.get(error, 'code')) && !isConflictToo(error)) throw error;
      // Not both at once again.
      await delay(Math.random() * 20 * tries);
    }
  }
}
