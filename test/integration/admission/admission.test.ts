/**
 * Eight edges that know nothing of each other admit one crowd; two of them are killed with -9 meanwhile. Invariant 6 is
 * proved twice: by the log of passes, and by what the shoppers themselves saw.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allTopicNames } from '../../../contracts/topics.ts';
import { systemClock } from '../../../platform/clock.ts';
import { connectKafka } from '../../../platform/connections/kafka.ts';
import { createAccessTokens } from '../../../platform/tokens/access-token.ts';
import { createDrops } from '../../../reservation-core/drops.ts';
import { checkPassLog } from '../../../reservation-core/pass-log.ts';
import { freePort } from '../../../scripts/servers/ports.ts';
import { liveDrop, newId } from '../../fixtures/drop.ts';
import { silentLog, TEST_REGIONS, useShards } from '../../fixtures/shards.ts';
import { type OurProcess, startOurProcess } from '../../servers/dropgate.ts';
import { eventually } from '../../servers/eventually.ts';
import { useKafka } from '../../servers/kafka.ts';
import { useRedis } from '../../servers/redis.ts';
import { mostAtOnce, mostWithinASecond, type SeenPass } from './seen.ts';
import { type Outcome, shop, type Way } from './shopper.ts';

const SECRET = 'a secret of at least 32 characters';
const EDGES = 8;
const SHOPPERS = 1_600;
const CAPS = { perSecond: 200, maxActive: 300 };
const PASS_SECONDS = 3;
const SKU = 'SNEAKER-42';
/** Of ten shoppers; so many keep their pass that both caps hold the line up. */
const CROWD: readonly Way[] = [
  ...(['buys', 'buys', 'buys', 'buys', 'leaves'] as const),
  ...(['lets it run out', 'lets it run out', 'lets it run out'] as const),
  ...(['vanishes with a pass', 'vanishes in the line'] as const),
];

const redis = useRedis();
const kafkaServer = useKafka();
const core = useShards(redis);
const edges: OurProcess[] = [];
let environment: Record<string, string>;

async function startEdge(port?: string): Promise<OurProcess> {
  const [edgePort, opsPort] = [port ?? String(await freePort()), String(await freePort())];
  return startOurProcess('edge/main.ts', { ...environment, EDGE_PORT: edgePort, OPS_PORT: opsPort });
}

beforeAll(async () => {
  const kafka = connectKafka({ brokers: kafkaServer.brokers, clientId: 'test', log: silentLog });
  const names = allTopicNames(kafkaServer.topicPrefix).map(({ name }) => name);
  await kafka.ensureTopics(names.map((topic) => ({ topic, partitions: 1, replication: 1 })));
  await kafka.close();
  environment = {
    ...{ REDIS_URL: redis.url, REDIS_PREFIX: redis.prefix, REGIONS: TEST_REGIONS.join(',') },
    ...{ KAFKA_BROKERS: kafkaServer.brokers.join(','), KAFKA_TOPIC_PREFIX: kafkaServer.topicPrefix },
    ...{ AUTH_SECRET: SECRET, PASS_SECRET: SECRET },
  };
  edges.push(...(await Promise.all(Array.from({ length: EDGES }, () => startEdge()))));
  // Eight processes at once, on a machine that may be busy with other tests.
}, 120_000);
afterAll(() => Promise.all(edges.map((edge) => edge.kill())));

async function passesCommand(dropId: string, ...more: readonly string[]): Promise<{ code: number; said: string }> {
  const command = join(import.meta.dirname, '../../../scripts/passes/main.ts');
  const env = { PATH: process.env['PATH'], ...environment };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [command, '--drop', dropId, ...more], { env });
    return { code: 0, said: stdout };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && 'stdout' in error)) throw error;
    return { code: Number(error.code), said: String(error.stdout) };
  }
}

describe('eight edges, two of them killed', () => {
  it('stay within both caps over every second and at every moment', { timeout: 90_000 }, async () => {
    const soon = liveDrop(Date.now(), {
      startsAt: Date.now() + 3_600_000,
      endsAt: Date.now() + 7_200_000,
      skus: [{ sku: SKU, title: 'Sneaker 42', price: 4_900, allocation: { eu: SHOPPERS } }],
      ...{ admission: CAPS, passSeconds: PASS_SECONDS, perShopperLimit: 1 },
    });
    const drops = createDrops(core);
    await drops.publish(soon);
    const tokens = createAccessTokens({ secret: SECRET, clock: systemClock });
    const urls = edges.map(({ listening }) => listening['edge'] ?? '');
    const seen: SeenPass[] = [];
    const crowd = Array.from({ length: SHOPPERS }, async (_, at): Promise<Outcome> => {
      const id = newId();
      const { accessToken: token } = await tokens.issue({ userId: id, kind: 'guest', role: 'shopper' });
      const way = CROWD[at % CROWD.length] ?? 'buys';
      return shop({ id, token, dropId: soon.id, sku: SKU, urls, way, onPass: (pass) => void seen.push(pass) });
    });
    // The whole crowd is in the line before it moves, so that both caps have to hold it back.
    const { waiting } = core.keys.line(soon.id);
    const inLine = async () => (await core.shards.home.redis.zcard(waiting)) === SHOPPERS;
    await eventually(inLine, { withinMs: 60_000 });
    const drop = { ...soon, revision: 2, startsAt: Date.now() };
    await drops.publish(drop);
    const whenSeen = (count: number) => eventually(() => seen.length >= count, { withinMs: 60_000 });

    await whenSeen(SHOPPERS / 4);
    await Promise.all(edges.slice(0, 2).map((edge) => edge.kill()));
    await whenSeen(SHOPPERS / 2);
    edges[0] = await startEdge(new URL(urls[0] ?? '').port);
    const outcomes = await Promise.all(crowd);

    const ended = Map.groupBy(outcomes, (outcome) => outcome.ended);
    const counts = Object.fromEntries([...ended].map(([how, of]) => [how, of.length]));
    const tenth = SHOPPERS / 10;
    expect(counts).toEqual({ claimed: 4 * tenth, left: tenth, 'ran out': 3 * tenth, vanished: 2 * tenth });
    expect(outcomes.filter(({ losses }) => losses > 0).length).toBeGreaterThan(0);

    const report = await checkPassLog(core, drop.id, CAPS);
    expect(report).toMatchObject({ breaches: [], gaps: [] });
    // Otherwise nothing would have been proved: the crowd has to have pressed against both caps.
    expect(report.worstSecond?.called).toBe(CAPS.perSecond);
    expect(report.worstMoment?.live).toBe(CAPS.maxActive);
    expect(report.calls).toBeGreaterThanOrEqual(new Set(seen.map(({ shopper }) => shopper)).size);

    const [atOnce, withinASecond] = [mostAtOnce(seen), mostWithinASecond(seen, PASS_SECONDS * 1_000)];
    expect(atOnce).toBeLessThanOrEqual(CAPS.maxActive);
    expect(atOnce).toBeGreaterThan(CAPS.maxActive / 2);
    expect(withinASecond).toBeLessThanOrEqual(CAPS.perSecond);

    expect(await passesCommand(drop.id)).toMatchObject({ code: 0, said: expect.stringContaining('caps were kept') });
    const tighter = await passesCommand(drop.id, '--max-active', String(CAPS.maxActive - 1), '--json');
    expect([tighter.code, JSON.parse(tighter.said)]).toMatchObject([1, { ok: false, worstMoment: report.worstMoment }]);
  });
});

describe('what the shoppers saw', () => {
  const pass = (fromMs: number, expiresAtMs: number, endedMs?: number): SeenPass => ({
    ...{ shopper: '', fromMs, expiresAtMs },
    ...(endedMs === undefined ? {} : { endedMs }),
  });

  it('would show passes too many', () => {
    expect(mostAtOnce([pass(0, 10), pass(5, 15), pass(9, 20)])).toBe(3);
    expect(mostAtOnce([pass(0, 10, 5), pass(5, 15), pass(15, 20), pass(16, 20, 16)])).toBe(1);
    expect(mostWithinASecond([pass(0, 3_000), pass(0, 3_999), pass(0, 4_000)], 3_000)).toBe(2);
  });
});
