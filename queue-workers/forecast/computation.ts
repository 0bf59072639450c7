/** The threads that compute forecasts: only while there is something to compute. */
import { Piscina } from 'piscina';
import { LIMITS } from '../../contracts/limits.ts';
import type { ForecastRow } from '../../db/queries/forecast/write-forecasts.ts';
import type { ForecastTask } from './compute.ts';

export interface ForecastComputation {
  /** Threads that work at once: more tasks than these only wait. */
  readonly atOnce: number;
  run(task: ForecastTask): Promise<ForecastRow[]>;
  /** Ends what is under way: its caller gets an error. */
  close(): Promise<void>;
}

const IDLE_MS = 10_000;

export function createForecastComputation(): ForecastComputation {
  const pool = new Piscina<ForecastTask, ForecastRow[]>({
    filename: new URL('./thread.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: LIMITS.forecastThreads,
    idleTimeout: IDLE_MS,
  });
  return {
    atOnce: LIMITS.forecastThreads,
    run: (task) => pool.run(task),
    close: () => pool.destroy(),
  };
}
