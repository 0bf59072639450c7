/** One row that the database refuses must not keep the others of its batch waiting for ever. */
import { retryConflicts } from '../../platform/connections/retry-conflicts.ts';

/**
 * Handles a batch; where it is refused for what is in it, its halves, down to the one that is the reason. `handle` is all
 * or nothing, and can be repeated. Answers with what came of those that went well.
 */
export async function piecewise<T, R>(
  batch: readonly T[],
  handle: (batch: readonly T[]) => Promise<readonly R[]>,
  tell: (error: unknown, batch: readonly T[]) => void,
): Promise<R[]> {
  try {
    // Else a row that only stood in another one's way would wait for the end of its lease.
    return [...(await retryConflicts(() => handle(batch)))];
  } catch (error) {
    tell(error, batch);
    if (batch.length < 2 || !isOfWhatIsInIt(error)) return [];
    const middle = Math.ceil(batch.length / 2);
    const halves = [batch.slice(0, middle), batch.slice(middle)];
    const results: R[] = [];
    for (const half of halves) results.push(...(await piecewise(half, handle, tell)));
    return results;
  }
}

/** Answers of the database about a connection, its own resources or an operator say nothing about the batch. */
function isOfWhatIsInIt(error: unknown): boolean {
  if (error instanceof RangeError) return true;
  if (!(error instanceof Error) || !('severity' in error) || !('code' in error)) return false;
  return !/^(08|53|57|58)/.test(String(error.code));
}
