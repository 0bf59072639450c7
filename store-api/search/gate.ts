/**
 * How many searches the database does at once: more than it has cores only makes all of them slow, and takes the
 * connections that the rest of the store needs. The others wait in the order in which they came; beyond a short line the
 * answer is BUSY, at once. Who asks what is being looked up already gets the same answer.
 */
import { LIMITS } from '../../contracts/limits.ts';
import { Refusal } from '../plugins/problems.ts';

export interface Gate {
  run<T>(work: () => Promise<T>): Promise<T>;
}

export interface GateSize {
  readonly atOnce: number;
  readonly waiting: number;
  /** Told to who is refused. */
  readonly detail?: string;
}

const OURS: GateSize = { atOnce: LIMITS.searchesAtOnce, waiting: LIMITS.searchesWaiting };

export function createGate({ atOnce, waiting: most, detail = 'Many are searching just now.' } = OURS): Gate {
  const waiting: (() => void)[] = [];
  let running = 0;
  return {
    async run(work) {
      if (running >= atOnce) {
        if (waiting.length >= most) throw new Refusal('BUSY', { detail });
        // Who ends passes their turn on, so that nobody who comes meanwhile overtakes.
        await new Promise<void>((resolve) => waiting.push(resolve));
      } else {
        running += 1;
      }
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next === undefined) running -= 1;
        else next();
      }
    },
  };
}

/** Joins calls with the same key while the first of them is under way. */
export function createSharing<T>(): (key: string, work: () => Promise<T>) => Promise<T> {
  const underWay = new Map<string, Promise<T>>();
  return (key, work) => {
    const first = underWay.get(key);
    if (first !== undefined) return first;
    const job = work().finally(() => underWay.delete(key));
    underWay.set(key, job);
    return job;
  };
}
