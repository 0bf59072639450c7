/** Two edges on one port, restarted one after the other while shoppers wait and claim: nobody loses anything. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LineClient, openLineClient } from '../../contracts/client/line-client.ts';
import { CLOSE } from '../../contracts/close-codes.ts';
import type { DropDefinition } from '../../contracts/drop.ts';
import { INTERVALS } from '../../contracts/limits.ts';
import { allTopicNames } from '../../contracts/topics.ts';
import { systemClock } from '../../platform/clock.ts';
import { connectKafka } from '../../platform/connections/kafka.ts';
import { createAccessTokens } from '../../platform/tokens/access-token.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import { createStock } from '../../reservation-core/stock.ts';
import { freePort } from '../../scripts/servers/ports.ts';
import { liveDrop, newId } from '../fixtures/drop.ts';
import { silentLog, TEST_REGIONS, useShards } from '../fixtures/shards.ts';
import { type OurProcess, startOurProcess } from '../servers/dropgate.ts';
import { eventually } from '../servers/eventually.ts';
import { useKafka } from '../servers/kafka.ts';
import { useRedis } from '../servers/redis.ts';

const SECRET = 'a secret of at least 32 characters';
const SKU = 'SNEAKER-42';
const [WITH_PASS, WAITING] = [20, 20];
const redis = useRedis();
const kafkaServer = useKafka();
const core = useShards(redis);
const clients: LineClient[] = [];
const edges: OurProcess[] = [];
let port = 0;

async function startEdge(): Promise<OurProcess> {
  return startOurProcess('edge/main.ts', {
    ...{ REDIS_URL: redis.url, REDIS_PREFIX: redis.prefix, REGIONS: TEST_REGIONS.join(',') },
    ...{ KAFKA_BROKERS: kafkaServer.brokers.join(','), KAFKA_TOPIC_PREFIX: kafkaServer.topicPrefix },
    ...{ AUTH_SECRET: SECRET, PASS_SECRET: SECRET, EDGE_PORT: String(port), OPS_PORT: String(await freePort()) },
  });
}

beforeAll(async () => {
  port = await freePort();
  const kafka = connectKafka({ brokers: kafkaServer.brokers, clientId: 'test', log: silentLog });
  const names = allTopicNames(kafkaServer.topicPrefix).map(({ name }) => name);
  await kafka.ensureTopics(names.map((topic) => ({ topic, partitions: 1, replication: 1 })));
  await kafka.close();
  edges.push(...(await Promise.all([startEdge(), startEdge()])));
}, 120_000);
afterAll(async () => {
  for (const client of clients) client.close();
  await Promise.all(edges.map((edge) => edge.kill()));
});

interface Loss {
  readonly closeCode: number;
  readonly atMs: number;
}

interface Shopper {
  readonly client: LineClient;
  readonly losses: Loss[];
}

async function comeIn(drop: DropDefinition): Promise<Shopper> {
  const tokens = createAccessTokens({ secret: SECRET, clock: systemClock });
  const { accessToken } = await tokens.issue({ userId: newId(), kind: 'guest', role: 'shopper' });
  const client = openLineClient({
    ...{ urls: `ws://127.0.0.1:${port}`, dropId: drop.id, region: 'eu', token: async () => accessToken },
    // Back after a twentieth of the longest wait, so that the test is a short one.
    random: () => 0.05,
  });
  clients.push(client);
  const losses: Loss[] = [];
  client.on('state', (state) => {
    if (state.at === 'away') losses.push({ closeCode: state.closeCode, atMs: performance.now() });
  });
  await Promise.race([client.until('waiting'), client.until('admitted')]);
  return { client, losses };
}

/** Who claims as fast as a quiet machine answers is past the frames of a socket, and soon past their limit as well. */
const CLAIM_EVERY_MS = 20;

/** One claim after the other until it is told to stop; answers with how each was answered. */
async function claimUntil(stopped: AbortSignal, { client }: Shopper): Promise<string[]> {
  const answers: string[] = [];
  while (!stopped.aborted) {
    answers.push((await client.claim({ sku: SKU, qty: 1 })).t);
    await delay(CLAIM_EVERY_MS);
  }
  return answers;
}

const standing = ({ client: { state, view } }: Shopper) =>
  state.at === 'admitted' ? state.expiresAt : state.at === 'waiting' ? view?.position : state.at;

/** Stops one edge in order and starts it again; answers with how long it took to stop. */
async function restart(at: number, shoppers: readonly Shopper[]): Promise<number> {
  const edge = edges[at];
  if (edge === undefined) throw new Error('there is no such edge');
  const startedAtMs = performance.now();
  const stopped = edge.stop();
  // It says so while it still has sockets, so that nobody is sent to it any more.
  const ready = await eventually(
    async () => {
      const { status } = await fetch(`${edge.listening['ops']}/ready`);
      return status === 503 && { away: shoppers.filter(({ client }) => client.state.at === 'away').length };
    },
    { withinMs: 2_000, everyMs: 1 },
  );
  expect(ready.away).toBeLessThan(shoppers.length / 4);
  expect(await stopped).toBe(0);
  const tookMs = performance.now() - startedAtMs;
  edges[at] = await startEdge();
  return tookMs;
}

it('are restarted one after the other, and nobody loses a place, a pass or an answer', {
  timeout: 60_000,
}, async () => {
  const drop = liveDrop(Date.now(), {
    skus: [{ sku: SKU, title: 'Sneaker 42', price: 4_900, allocation: { eu: 100_000 } }],
    ...{ perShopperLimit: 1_000, admission: { perSecond: 1_000, maxActive: WITH_PASS } },
  });
  await createDrops(core).publish(drop);
  const shoppers: Shopper[] = [];
  for (let at = 0; at < WITH_PASS + WAITING; at += 1) shoppers.push(await comeIn(drop));
  const withPass = shoppers.slice(0, WITH_PASS);
  await eventually(() => withPass.every(({ client }) => client.state.at === 'admitted'), { withinMs: 10_000 });
  const before = shoppers.map(standing);

  const rolling = new AbortController();
  const claiming = withPass.map((shopper) => claimUntil(rolling.signal, shopper));
  const firstMs = await restart(0, shoppers);
  const secondAtMs = performance.now();
  const tookMs = [firstMs, await restart(1, shoppers)];
  rolling.abort();
  const answers = (await Promise.all(claiming)).flat();

  await eventually(() => shoppers.map(standing).every((now, at) => now === before[at]), { withinMs: 30_000 });
  expect(new Set(answers)).toEqual(new Set(['claimed']));
  expect((await createStock(core).ledger(drop.id, 'eu')).get(SKU)?.held).toBe(answers.length);

  const losses = shoppers.flatMap((shopper) => shopper.losses);
  // Each of them was on one of the two edges, and some came to the second before it stopped as well.
  expect(losses.length).toBeGreaterThanOrEqual(shoppers.length);
  expect(new Set(losses.map(({ closeCode }) => closeCode))).toEqual(new Set([CLOSE.DRAINING]));
  for (const took of tookMs) expect(took).toBeLessThan(INTERVALS.drainMs * 3);
  // Everybody was at the second one by then, and went in small groups.
  const times = losses.map(({ atMs }) => atMs).filter((atMs) => atMs > secondAtMs);
  expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(INTERVALS.drainMs / 2);
});
