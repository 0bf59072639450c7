/** The scenario as small as it can be, with the run's Kafka. No speed is asserted, only what is audited and told. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useKafka } from '../../test/servers/kafka.ts';
import type { BenchContext } from '../scenario.ts';
import { chartsOf } from './charts.ts';
import { figuresOf, type Measured } from './figures.ts';
import { runLag } from './lag-run.ts';
import { type ChainRun, runChain } from './run.ts';
import { type OrderServers, startOrderServers } from './servers.ts';

const DEADLINE_MS = 180_000;
const kafka = useKafka();
let folder = '';
let context: BenchContext;
let servers: OrderServers | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dropgate-bench-test-'));
  const { signal } = new AbortController();
  context = { ...{ seconds: 0.2, rounds: 1, quick: true, doctored: false }, folder, signal, progress: () => undefined };
  const shared = { address: kafka.brokers[0] ?? '', pid: 0, stop: async () => undefined };
  servers = await startOrderServers(context, {}, shared);
}, DEADLINE_MS);
afterAll(async () => {
  await servers?.close();
  await rm(folder, { recursive: true, force: true });
}, DEADLINE_MS);

function started(): OrderServers {
  if (servers === undefined) throw new Error('The servers are not there.');
  return servers;
}

describe('orders', () => {
  it('brings claims to rows at a rate, audits, and reports by its names', { timeout: DEADLINE_MS }, async () => {
    const lag = await runLag(context, started(), { side: 'ours', partitions: 2, perSecond: 200, fsyncMs: 1 });
    expect(lag.audit).toEqual({ ok: true, oversold: 0, lost: 0, duplicated: 0, problems: [] });
    const chain: ChainRun = {
      ...{ side: 'ours', claims: 100, partitions: 2, ordersPerSecond: 50, fromMs: lag.startMs, commits: lag.commits },
      ...{ cpu: lag.cpu, audit: lag.audit, redisVersion: '7' },
    };
    const part = { relayPerSecond: 2, writerPerSecond: 2, relayCpu: lag.cpu, writerCpu: lag.cpu };
    const parts = { ...part, side: 'ours', statements: [], audit: lag.audit } as const;
    const twice = <T>(one: T) => ({ ours: [one, one], bare: [one, one] });
    const measured: Measured = {
      ...{ main: twice(chain), slow: twice(chain), lag: twice(lag), fsyncMs: 1 },
      parts: { ours: parts, bare: parts },
    };
    const { metrics, ratios, samples } = figuresOf(measured, 2);
    expect(metrics).toMatchObject({
      ordersPerSecond: 50,
      lagP99MsAtHalf: expect.any(Number),
      generatorCores: expect.any(Number),
      bottleneck: expect.any(String),
    });
    expect(ratios).toMatchObject({ orders: 1 });
    expect(samples['metrics.ordersPerSecond']).toEqual([50, 50]);
    const charts = chartsOf(measured, {
      claims: [1, 2].map((claims) => ({ claims, 'orders/s': 2 })),
    });
    expect(charts.map(({ kind }) => kind)).toEqual(['latency', 'timeline', 'timeline', 'timeline', 'scaling']);
    expect(charts[0]?.lines[0]?.points.length).toBeGreaterThan(3);
  });

  it('notices an order that is gone, of claims that all became rows', { timeout: DEADLINE_MS }, async () => {
    const asked = { side: 'ours', claims: 100, partitions: 2, regions: ['region-1'] } as const;
    const { audit } = await runChain({ ...context, doctored: true }, started(), asked);
    expect(audit).toMatchObject({ ok: false, lost: 1 });
  });
});
