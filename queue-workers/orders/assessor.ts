/** The thread that assesses claims, so that the main one is free for Kafka and the database. */
import { Piscina } from 'piscina';
import { LIMITS } from '../../contracts/limits.ts';
import type { AssessedClaims, AssessTask } from './assess.ts';

export interface Assessor {
  assess(task: AssessTask): Promise<AssessedClaims>;
  /** Ends what is under way: its caller gets an error, and the messages come again. */
  close(): Promise<void>;
}

export function createAssessor(): Assessor {
  const pool = new Piscina({
    filename: new URL('./thread.ts', import.meta.url).href,
    minThreads: LIMITS.ordersThreads,
    maxThreads: LIMITS.ordersThreads,
    // A batch has one task at a time: what would wait longer cannot be.
    maxQueue: LIMITS.ordersPartitions,
  });
  return {
    async assess(task) {
      return await pool.run(task);
    },
    close: () => pool.destroy(),
  };
}
