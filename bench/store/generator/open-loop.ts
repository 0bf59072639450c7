/**
 * An open loop: requests are due at random moments (Poisson, the same in every run), also while earlier ones are not
 * answered. One that finds no free connection waits here, and each counts from when it was due. autocannon's own rate is
 * none: each connection sends what it may in a burst at the start of a second, and an answer of n ms is counted n times.
 */
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Histogram } from 'hdr-histogram-js';
import { createLatencies, recordMs } from '../../crew/histograms.ts';
import { createRandom } from '../../line/eta/random.ts';
import type { Shot } from './notes.ts';

export interface OpenLoop extends Load {
  readonly url: string;
  /** What each connection sends, one after the other and again; with one list for all, each begins elsewhere in it. */
  readonly scripts: readonly (readonly Shot[])[];
  readonly timeoutMs: number;
}

interface Load {
  readonly connections: number;
  readonly seconds: number;
  readonly perSecond: number;
}

export interface OpenLoopResult {
  readonly requests: number;
  readonly failed: number;
  /** In microseconds. */
  readonly latencies: Histogram;
}

const SEED = 7;

export async function fireOpenLoop(load: OpenLoop): Promise<OpenLoopResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.connections });
  const latencies = createLatencies();
  let [requests, failed] = [0, 0];
  const jobs = scriptsOf(load).map((script) => async (dueMs: number) => {
    const isGood = await send(script(), load, agent);
    recordSince(latencies, dueMs);
    requests += 1;
    if (!isGood) failed += 1;
  });
  await runWhenDue(load, jobs);
  agent.destroy();
  return { requests, failed, latencies };
}

export function recordSince(latencies: Histogram, fromMs: number): void {
  recordMs(latencies, performance.now() - fromMs);
}

/** Each job does one thing at a time, and is told since when that was due. */
export async function runWhenDue(
  load: Pick<Load, 'perSecond' | 'seconds'>,
  jobs: readonly ((dueMs: number) => Promise<void>)[],
): Promise<void> {
  const free = [...jobs];
  const waiting: number[] = [];
  const underWay = new Set<Promise<void>>();

  async function follow(job: (dueMs: number) => Promise<void>, firstDueMs: number): Promise<void> {
    for (let dueMs: number | undefined = firstDueMs; dueMs !== undefined; dueMs = waiting.shift()) await job(dueMs);
    free.push(job);
  }

  const startMs = performance.now();
  for (const afterMs of dueTimes(load)) {
    const dueMs = startMs + afterMs;
    const earlyMs = dueMs - performance.now();
    if (earlyMs > 0) await delay(earlyMs);
    const job = free.shift();
    if (job === undefined) {
      waiting.push(dueMs);
      continue;
    }
    const followed = follow(job, dueMs).finally(() => underWay.delete(followed));
    underWay.add(followed);
  }
  await Promise.all(underWay);
}

/** After the start, in ms. */
export function* dueTimes({ perSecond, seconds }: Pick<Load, 'perSecond' | 'seconds'>): Generator<number> {
  const random = createRandom(SEED);
  for (let atMs = 0; ; ) {
    atMs += (-Math.log(1 - random()) / perSecond) * 1_000;
    if (atMs > seconds * 1_000) return;
    yield atMs;
  }
}

function scriptsOf({ scripts, connections }: OpenLoop): (() => Shot)[] {
  return Array.from({ length: connections }, (_, connection) => {
    const script = scripts[connection % scripts.length] ?? [];
    let at = scripts.length === 1 ? Math.floor((script.length * connection) / connections) : 0;
    return () => {
      const shot = script[at % script.length];
      if (shot === undefined) throw new Error('There is nothing to send.');
      at += 1;
      return shot;
    };
  });
}

/** Whether it was answered with success. */
function send({ method, path, headers, body }: Shot, { url, timeoutMs }: OpenLoop, agent: Agent): Promise<boolean> {
  return new Promise((resolve) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const asked = request(new URL(path, url), {
      method,
      agent,
      headers: { ...headers, ...length },
      timeout: timeoutMs,
    });
    asked.once('timeout', () => asked.destroy(new Error('no answer')));
    asked.once('error', () => resolve(false));
    asked.once('response', (answer) => {
      const { statusCode = 0 } = answer;
      answer.once('error', () => resolve(false));
      answer.once('end', () => resolve(statusCode >= 200 && statusCode < 300));
      answer.resume();
    });
    asked.end(body);
  });
}
