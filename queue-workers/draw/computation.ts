/** The thread that computes draws: one, and only while there is something to compute. */
import { Piscina } from 'piscina';
import type { DrawnPlaces, DrawTask, SortedEntrants, SortTask } from './compute.ts';

export interface Computation {
  /** Takes the records along: they are gone here. */
  sort(task: SortTask): Promise<SortedEntrants>;
  /** Takes the list along. */
  draw(task: DrawTask): Promise<DrawnPlaces>;
  /** Ends what is under way: its caller gets an error. */
  close(): Promise<void>;
}

const IDLE_MS = 10_000;

export function createComputation(): Computation {
  const pool = new Piscina({
    filename: new URL('./thread.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: IDLE_MS,
  });
  return {
    async sort(task) {
      return await pool.run(task, { name: 'sort', transferList: task.records.map((chunk) => chunk.buffer) });
    },
    async draw(task) {
      const { ids, lanes, nonces, nonceEnds } = task.list;
      return await pool.run(task, {
        name: 'draw',
        transferList: [ids.buffer, lanes.buffer, nonces.buffer, nonceEnds.buffer],
      });
    },
    close: () => pool.destroy(),
  };
}
