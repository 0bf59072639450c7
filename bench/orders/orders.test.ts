/** The scenario as small as it can be. No speed is asserted, only what is audited and told. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BenchContext } from '../scenario.ts';
import { runChain } from './run.ts';
import { measureOrders } from './scenario.ts';
import { type OrderServers, startOrderServers } from './servers.ts';

const DEADLINE_MS = 180_000;
const CLAIMS = 300;
let folder = '';
let context: BenchContext;
let servers: OrderServers | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dropgate-bench-test-'));
  const { signal } = new AbortController();
  context = { ...{ seconds: 0.2, rounds: 1, quick: true, doctored: false }, folder, signal, progress: () => undefined };
  servers = await startOrderServers(context);
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
  it('brings claims to rows, audits, and reports by its names', { timeout: DEADLINE_MS }, async () => {
    const findings = await measureOrders(context, started(), { claims: CLAIMS, fsyncMs: 1 });
    expect(findings.audit).toEqual({ ok: true, oversold: 0, lost: 0, duplicated: 0, problems: [] });
    expect(findings.metrics).toMatchObject({
      ordersPerSecond: expect.any(Number),
      lagP99MsAtHalf: expect.any(Number),
      bottleneck: expect.any(String),
    });
    expect(findings.ratios).toMatchObject({ orders: expect.any(Number) });
  });

  it('notices an order that is gone', { timeout: DEADLINE_MS }, async () => {
    const asked = { side: 'ours', claims: CLAIMS, partitions: 2 } as const;
    const { audit } = await runChain({ ...context, doctored: true }, started(), asked);
    expect(audit).toMatchObject({ ok: false, lost: 1 });
  });
});
