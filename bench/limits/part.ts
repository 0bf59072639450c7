/** One bare part of this machine: measured once in each round. */
import { join } from 'node:path';
import type { Histogram } from 'hdr-histogram-js';
import { type Crew, startCrew } from '../crew/crew.ts';
import { decodeHistograms } from '../crew/histograms.ts';
import type { InRounds } from '../in-rounds.ts';
import { type CpuUse, cpuDuring, type Pids } from '../machine/cpu-use.ts';
import type { Audit } from '../report/audit.ts';
import type { Counted, LimitOrder, LimitReport } from './worker/notes.ts';

export interface PartRun {
  /** By the names that they have among the limits of a report. */
  readonly figures: Readonly<Record<string, number>>;
  /** Of `generator` and `server`, where they could be told apart. */
  readonly cpu: CpuUse | undefined;
  /** In microseconds. */
  readonly latencies?: Histogram;
  readonly audit?: Audit;
  readonly redisVersion?: string;
}

export interface Part {
  readonly name: string;
  /** Of each of its figures, how many digits count after the point; none unless given. */
  readonly digits?: Readonly<Record<string, InRounds['digits']>>;
  run(seconds: number): Promise<PartRun>;
}

export type Workers = Crew<LimitOrder, LimitReport>;

export interface Worked {
  /** In a second, over all workers. */
  readonly perSecond: number;
  readonly units: number;
  readonly latencies: Histogram;
  readonly cpu: CpuUse;
}

const PROGRAM = join(import.meta.dirname, 'worker', 'main.ts');
const MS_PER_SECOND = 1_000;
const WARM_UP_MS = 500;
const US_PER_MS = 1_000;

function startWorkers(count: number, signal: AbortSignal): Workers {
  return startCrew({ program: PROGRAM, count, signal });
}

export function timesOf(seconds: number): { readonly warmUpMs: number; readonly measureMs: number } {
  const measureMs = seconds * MS_PER_SECOND;
  return { warmUpMs: Math.min(WARM_UP_MS, measureMs), measureMs };
}

/** A server of its own for as long as `use` needs it. */
export async function withServer<T>(
  order: Extract<LimitOrder, { t: 'echo-server' | 'tcp-server' }>,
  signal: AbortSignal,
  use: (port: number, pids: readonly number[]) => Promise<T>,
): Promise<T> {
  const server = startWorkers(1, signal);
  try {
    const listening = server.reports('listening');
    server.order(() => order);
    const [{ port } = { port: 0 }] = await listening;
    return await use(port, server.pids);
  } finally {
    await server.end();
  }
}

/** Workers that begin together; `server` is whom else to watch. */
export async function letWork(
  count: number,
  orderOf: (at: number) => LimitOrder,
  { signal, server }: { readonly signal: AbortSignal; readonly server: Pids[string] },
): Promise<Worked> {
  const workers = startWorkers(count, signal);
  try {
    const ready = workers.reports('ready');
    workers.order(orderOf);
    await ready;
    const done = workers.reports('done');
    const { result, cpu } = await cpuDuring({ generator: workers.pids, server }, () => {
      workers.order(() => ({ t: 'go' }));
      return done;
    });
    return { ...sumOf(result.map(({ counted }) => counted)), cpu };
  } finally {
    await workers.end();
  }
}

function sumOf(counted: readonly Counted[]): Omit<Worked, 'cpu'> {
  return {
    perSecond: counted.reduce((sum, { units, tookMs }) => sum + (tookMs > 0 ? (units / tookMs) * MS_PER_SECOND : 0), 0),
    units: counted.reduce((sum, { units }) => sum + units, 0),
    latencies: decodeHistograms(counted.map(({ histogram }) => histogram)),
  };
}

export function percentileMs(latencies: Histogram, percentile: number): number {
  return latencies.getValueAtPercentile(percentile) / US_PER_MS;
}
