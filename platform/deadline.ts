import { PlatformError } from './errors.ts';

/**
 * What `work` answers, or a rejection once `ms` have passed. The work itself cannot be taken back: whoever calls has to
 * know what it means that it may still end.
 */
export async function withDeadline<T>(work: Promise<T>, ms: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new PlatformError('DEADLINE_EXCEEDED', `${what} took longer than ${ms} ms`, { retryable: true }));
    }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
