/**
 * The scenarios that speak over the network, as small as they can be: the run's Kafka for all of them and a few hundred
 * sockets. No speed is asserted, only what is audited and told. The command itself is tested in main.test.ts.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topicName } from '../contracts/topics.ts';
import { connectKafka } from '../platform/connections/kafka.ts';
import { createLogger } from '../platform/logging/logger.ts';
import { useKafka } from '../test/servers/kafka.ts';
import { figuresInRounds } from './edge/figures.ts';
import { runEdge } from './edge/run.ts';
import { measureLine } from './line/scenario.ts';
import type { BenchContext } from './scenario.ts';

const DEADLINE_MS = 120_000;
const SOCKETS = 200;
const signal = new AbortController().signal;
let folder = '';
const kafka = useKafka();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dropgate-bench-test-'));
  // An edge follows them from its start; the run's Kafka makes no topic by itself.
  const log = createLogger({ name: 'bench', level: 'silent' });
  const client = connectKafka({ brokers: [broker()], clientId: 'bench', log });
  const topics = (['order.created', 'order.status'] as const).map((name) => topicName('', name));
  await client.ensureTopics(topics.map((topic) => ({ topic, partitions: 1, replication: 1 })));
  await client.close();
}, DEADLINE_MS);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Each in a folder of its own, since they run at the same time. */
function contextOf(name: string, changes: Partial<BenchContext> = {}): BenchContext {
  return {
    ...{ seconds: 0.2, rounds: 1, quick: true, doctored: false, signal, progress: () => undefined },
    folder: join(folder, name),
    ...changes,
  };
}

const broker = (): string => kafka.brokers[0] ?? '';
const SOUND = { ok: true, oversold: 0, lost: 0, duplicated: 0, problems: [] };

describe.concurrent('over the network', () => {
  it('edge sells over sockets, audits, and reports by its names', { timeout: DEADLINE_MS }, async ({ expect: see }) => {
    const asked = { kafka: broker(), seconds: 0.2, sockets: SOCKETS };
    const ours = await runEdge(contextOf('edge'), { ...asked, side: 'ours', soldOut: true });
    const bare = await runEdge(contextOf('edge'), { ...asked, side: 'bare', perSecond: 1_000 });
    see([ours.audit, bare.audit]).toEqual([SOUND, SOUND]);
    const both = { ours: [ours], bare: [bare] };
    const { metrics, ratios } = figuresInRounds({ winning: both, soldOut: both, half: both });
    see(metrics).toMatchObject({
      decisionsPerSecond: expect.any(Number),
      soldOutPerSecond: expect.any(Number),
      p99MsAtHalf: expect.any(Number),
    });
    see(ratios).toMatchObject({ decisions: expect.any(Number), soldOut: expect.any(Number) });
  });

  it('edge notices when units come back that were sold', { timeout: DEADLINE_MS }, async ({ expect: see }) => {
    const settings = { kafka: broker(), seconds: 0.2, sockets: SOCKETS, side: 'ours' } as const;
    const { audit } = await runEdge(contextOf('doctored', { doctored: true }), settings);
    see(audit.ok).toBe(false);
  });

  it('line holds a crowd through a storm and a crash, and reports by its names', { timeout: DEADLINE_MS }, async ({
    expect: see,
  }) => {
    const size = {
      ...{ sockets: SOCKETS, moves: 1, secondsBetweenMoves: 1, curve: [] },
      ...{ settleMs: 100, etaShoppers: SOCKETS },
    };
    const { metrics, audit } = await measureLine(contextOf('line'), broker(), size);
    see(audit).toEqual(SOUND);
    see(metrics).toMatchObject({
      ...{ sockets: 200, stormSockets: 40, stormPlacesKept: 40, crashSockets: 100, crashPlacesKept: 100 },
      bytesPerSocket: expect.any(Number),
      joinsPerSecond: expect.any(Number),
      headMoveP99Ms: expect.any(Number),
      etaWithin: expect.any(Number),
      stormBackP99Ms: expect.any(Number),
      crashBackP99Ms: expect.any(Number),
    });
  });
});
