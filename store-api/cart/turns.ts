/**
 * Changes of one cart wait for each other within a process, so that they lose no tries to one another; what other processes
 * do meanwhile is noticed by the version. Who comes when too many wait already is told so at once.
 */
import { DropgateError } from '../../contracts/errors.ts';

export function createTurns(most: number): <T>(who: string, work: () => Promise<T>) => Promise<T> {
  const lines = new Map<string, { waiting: number; last: Promise<unknown> }>();
  return async (who, work) => {
    const line = lines.get(who) ?? { waiting: 0, last: Promise.resolve() };
    if (line.waiting >= most) throw new DropgateError('BUSY', 'too many changes of one cart at once');
    line.waiting += 1;
    const mine = line.last.then(work);
    // The next one's turn comes, however this one ends.
    line.last = mine.catch(() => undefined);
    lines.set(who, line);
    try {
      return await mine;
    } finally {
      line.waiting -= 1;
      if (line.waiting === 0) lines.delete(who);
    }
  };
}
