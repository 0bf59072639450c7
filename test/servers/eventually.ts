import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks again until `condition` neither throws nor answers false; the one way to wait for something that cannot notify.
 * At the deadline it fails with what was wrong the last time.
 */
export async function eventually<T>(
  condition: () => T | false | Promise<T | false>,
  options: { withinMs: number; everyMs?: number },
): Promise<T> {
  const { withinMs, everyMs = 20 } = options;
  const deadline = AbortSignal.timeout(withinMs);
  const late = new Promise<'late'>((resolve) => deadline.addEventListener('abort', () => resolve('late')));
  let failure: unknown = 'it did not answer';
  while (!deadline.aborted) {
    const outcome = await Promise.race([attempt(condition), late]);
    if (outcome === 'late') break;
    if (outcome.ok) return outcome.value;
    failure = outcome.failure;
    await Promise.race([delay(everyMs), late]);
  }
  const reason = failure instanceof Error ? failure.message : String(failure);
  throw new Error(`not within ${withinMs} ms; the last time: ${reason}`, { cause: failure });
}

type Outcome<T> = { ok: true; value: T } | { ok: false; failure: unknown };

async function attempt<T>(condition: () => T | false | Promise<T | false>): Promise<Outcome<T>> {
  try {
    const value = await condition();
    return value === false ? { ok: false, failure: 'it was false' } : { ok: true, value };
  } catch (failure) {
    return { ok: false, failure };
  }
}
