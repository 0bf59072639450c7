import { expect, it } from 'vitest';
import { createIdSource } from '../../contracts/ids.ts';
import { systemClock } from '../../platform/clock.ts';
import { connectKafka } from '../../platform/connections/kafka.ts';
import { connectPostgres } from '../../platform/connections/postgres.ts';
import { silentLog, useShards } from '../../test/fixtures/shards.ts';
import { eventually } from '../../test/servers/eventually.ts';
import { useRedis } from '../../test/servers/redis.ts';
import { createLeadership } from '../leadership.ts';
import type { Piece, Told } from './core.ts';
import { startReconcile } from './rounds.ts';

const redis = useRedis();
const core = useShards(redis);
/** Nobody asks anything of them here. */
const kafka = connectKafka({ brokers: ['127.0.0.1:1'], clientId: 'test', log: silentLog });
const database = connectPostgres({ url: 'postgres://nobody@127.0.0.1:1/none', max: 1, name: 'test', log: silentLog });
const withinMs = 15_000;

const FINDING: Told = { kind: 'payment-stuck', id: 'p', orderId: 'o', what: 'x', advice: 'by hand', mended: false };

function startOne(holds: () => Promise<Piece>) {
  const { shards, keys } = core;
  const seen = { leads: false, found: 0, failed: 0, orders: 0 };
  const rounds = startReconcile({
    core: {
      ...{ database, shards, keys, kafka, topicPrefix: '', providers: [] },
      publisher: { publish: async () => undefined, close: async () => undefined },
      ...{ clock: systemClock, nextId: createIdSource(systemClock), dryRun: false },
      ...{ graceMs: 1, windowMs: 1_000, booksMs: 1_000 },
    },
    reconciler: {
      holds,
      async orders() {
        seen.orders += 1;
        return { told: [FINDING], ended: true };
      },
      refunds: async () => [],
      reservations: async () => [],
      books: async () => [],
    },
    leadership: createLeadership({
      redis: shards.home.redis,
      key: keys.reconcileLeader,
      lockMs: 2_000,
      onLost: () => undefined,
    }),
    log: silentLog,
    everyMs: 20,
    metrics: {
      leads: (leads) => {
        seen.leads = leads;
      },
      found: () => {
        seen.found += 1;
      },
      failed: () => {
        seen.failed += 1;
      },
    },
  });
  return { seen, stop: () => rounds.stop() };
}

it('leads one at a time, goes on when a part fails, and tells what it cannot mend once in a while', async () => {
  const fail = () => Promise.reject(new Error('no Redis'));
  const workers = [startOne(fail), startOne(fail)];
  const leader = () => workers.find(({ seen }) => seen.leads);
  await eventually(() => (leader()?.seen.orders ?? 0) > 3, { withinMs });
  const first = leader();
  expect(first?.seen).toMatchObject({ found: 1 });
  expect(first?.seen.failed).toBeGreaterThan(2);
  expect(workers.filter(({ seen }) => seen.orders > 0)).toHaveLength(1);
  await first?.stop();
  await eventually(() => leader() !== undefined && leader() !== first, { withinMs });
  await leader()?.stop();
});
