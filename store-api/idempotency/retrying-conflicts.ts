import { retryConflicts } from '../../platform/connections/retry-conflicts.ts';

/** What two may begin to write at once, and the second finds when it looks again. */
const RACES: ReadonlySet<unknown> = new Set(['one_open_checkout']);

/** Tries a whole transaction again that another one was in the way of. */
export async function retryingConflicts<T>(transaction: () => Promise<T>): Promise<T> {
  return await retryConflicts(transaction, isRace);
}

export function isRace(error: unknown): boolean {
  return error instanceof Error && RACES.has(Reflect.get(error, 'constraint'));
}
