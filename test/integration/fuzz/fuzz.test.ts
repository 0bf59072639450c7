import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allTopicNames } from '../../../contracts/topics.ts';
import { systemClock } from '../../../platform/clock.ts';
import { connectKafka } from '../../../platform/connections/kafka.ts';
import { createAccessTokens } from '../../../platform/tokens/access-token.ts';
import { createDrops } from '../../../reservation-core/drops.ts';
import { freePort } from '../../../scripts/servers/ports.ts';
import { liveDrop, newId } from '../../fixtures/drop.ts';
import { silentLog, TEST_REGIONS, useShards } from '../../fixtures/shards.ts';
import { type OurProcess, startOurProcess } from '../../servers/dropgate.ts';
import { eventually } from '../../servers/eventually.ts';
import { useKafka } from '../../servers/kafka.ts';
import { useRedis } from '../../servers/redis.ts';
import { attack } from './attack.ts';
import { figuresOf } from './figures.ts';
import { KINDS } from './frames.ts';

const FRAMES = 20_000;
const SEED = 1;
/** The heap of Node settles while it runs; a leak of one frame in ten would be more than this. */
const MOST_GROWTH_BYTES = 96 * 1_024 * 1_024;
const SECRET = 'a secret of at least 32 characters';

const redis = useRedis();
const kafkaServer = useKafka();
const core = useShards(redis);
let edge: OurProcess;

beforeAll(async () => {
  const kafka = connectKafka({ brokers: kafkaServer.brokers, clientId: 'test', log: silentLog });
  const names = allTopicNames(kafkaServer.topicPrefix).map(({ name }) => name);
  await kafka.ensureTopics(names.map((topic) => ({ topic, partitions: 1, replication: 1 })));
  await kafka.close();
  edge = await startOurProcess('edge/main.ts', {
    REDIS_URL: redis.url,
    REDIS_PREFIX: redis.prefix,
    REGIONS: TEST_REGIONS.join(','),
    KAFKA_BROKERS: kafkaServer.brokers.join(','),
    KAFKA_TOPIC_PREFIX: kafkaServer.topicPrefix,
    AUTH_SECRET: SECRET,
    PASS_SECRET: SECRET,
    EDGE_PORT: String(await freePort()),
    OPS_PORT: String(await freePort()),
  });
});
afterAll(() => edge.kill());

async function tokens(count: number): Promise<string[]> {
  const issuer = createAccessTokens({ secret: SECRET, clock: systemClock });
  const issued = Array.from({ length: count }, () => issuer.issue({ userId: newId(), kind: 'guest', role: 'shopper' }));
  return (await Promise.all(issued)).map(({ accessToken }) => accessToken);
}

describe(`${FRAMES} hostile frames`, () => {
  it('are each answered, refused or closed as the catalogue says, and leave nothing behind', {
    timeout: 120_000,
  }, async () => {
    const drop = liveDrop(Date.now());
    await createDrops(core).publish(drop);
    const url = new URL(edge.listening['edge'] ?? '');
    const ops = edge.listening['ops'] ?? '';
    const order = { target: { host: url.hostname, port: Number(url.port), dropId: drop.id }, socketsAtOnce: 32 };
    const people = await tokens(200);
    await attack({ ...order, tokens: people, frames: FRAMES / 10, seed: SEED + 1 });
    const before = await figuresOf(ops);

    const report = await attack({ ...order, tokens: people, frames: FRAMES, seed: SEED });

    expect(report.examples).toEqual([]);
    expect(Object.keys(report.byKind)).toHaveLength(KINDS);
    const after = await eventually(
      async () => {
        const figures = await figuresOf(ops);
        return figures.sockets === 0 && figures;
      },
      { withinMs: 10_000 },
    );
    expect(after.frames - before.frames).toBeGreaterThanOrEqual(report.pongs + report.closesByEdge);
    expect(after.refusals - before.refusals).toBeGreaterThanOrEqual(report.closesByEdge);
    expect(after.residentBytes - before.residentBytes).toBeLessThan(MOST_GROWTH_BYTES);
  });
});
