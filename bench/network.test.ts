/**
 * The scenarios that speak over the network, as small as they can be: one Kafka for all of them and a few hundred
 * sockets. No speed is asserted, only what is audited and told. The command itself is tested in main.test.ts.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runEdge } from './edge/run.ts';
import { measureEdge } from './edge/scenario.ts';
import { measureLine } from './line/scenario.ts';
import { type BenchKafka, startBenchKafka } from './machine/kafka-server.ts';
import type { BenchContext } from './scenario.ts';

const DEADLINE_MS = 120_000;
const SOCKETS = 200;
const signal = new AbortController().signal;
let folder = '';
let kafka: BenchKafka | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dropgate-bench-test-'));
  kafka = await startBenchKafka(folder, signal);
}, DEADLINE_MS);
afterAll(async () => {
  await kafka?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Each in a folder of its own, since they run at the same time. */
function contextOf(name: string, changes: Partial<BenchContext> = {}): BenchContext {
  return {
    ...{ seconds: 0.2, rounds: 1, quick: true, doctored: false, signal, progress: () => undefined },
    folder: join(folder, name),
    ...changes,
  };
}

const SOUND = { ok: true, oversold: 0, lost: 0, duplicated: 0, problems: [] };

describe.concurrent('over the network', () => {
  it('edge sells over sockets, audits, and reports by its names', { timeout: DEADLINE_MS }, async ({ expect: see }) => {
    const address = kafka?.address ?? '';
    const { metrics, ratios, audit } = await measureEdge(contextOf('edge'), {
      kafka: address,
      sockets: SOCKETS,
      fsyncMs: 1,
    });
    see(audit).toEqual(SOUND);
    see(metrics).toMatchObject({
      decisionsPerSecond: expect.any(Number),
      soldOutPerSecond: expect.any(Number),
      p99MsAtHalf: expect.any(Number),
    });
    see(ratios).toMatchObject({ decisions: expect.any(Number), soldOut: expect.any(Number) });
  });

  it('edge notices when units come back that were sold', { timeout: DEADLINE_MS }, async ({ expect: see }) => {
    const settings = { kafka: kafka?.address ?? '', seconds: 0.2, sockets: SOCKETS, side: 'ours' } as const;
    const { audit } = await runEdge(contextOf('doctored', { doctored: true }), settings);
    see(audit.ok).toBe(false);
  });

  it('line holds a crowd through a storm and a crash, and reports by its names', { timeout: DEADLINE_MS }, async ({
    expect: see,
  }) => {
    const size = {
      ...{ sockets: 2 * SOCKETS, moves: 2, secondsBetweenMoves: 1, curve: [] },
      ...{ settleMs: 100, etaShoppers: 2 * SOCKETS },
    };
    const { metrics, audit } = await measureLine(contextOf('line'), kafka?.address ?? '', size);
    see(audit).toEqual(SOUND);
    see(metrics).toMatchObject({
      ...{ sockets: 400, stormSockets: 80, stormPlacesKept: 80, crashSockets: 200, crashPlacesKept: 200 },
      bytesPerSocket: expect.any(Number),
      joinsPerSecond: expect.any(Number),
      headMoveP99Ms: expect.any(Number),
      etaWithin: expect.any(Number),
      stormBackP99Ms: expect.any(Number),
      crashBackP99Ms: expect.any(Number),
    });
  });
});
