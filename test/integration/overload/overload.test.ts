/** A real store process with more visitors than it can serve: what it sheds, whom it refuses, and whom it serves. */
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../../platform/clock.ts';
import { createAccessTokens } from '../../../platform/tokens/access-token.ts';
import { freePort } from '../../../scripts/servers/ports.ts';
import { newId } from '../../fixtures/drop.ts';
import { useDatabase } from '../../servers/database.ts';
import { type OurProcess, startOurProcess } from '../../servers/dropgate.ts';
import { eventually } from '../../servers/eventually.ts';
import { useKafka } from '../../servers/kafka.ts';
import { useRedis } from '../../servers/redis.ts';

const VISITORS = 400;
const THINK_MS = 100;
const AUTH_SECRET = 'a secret of at least 32 characters';
const database = useDatabase();
const kafka = useKafka();
const redis = useRedis();
let store: OurProcess;
let url = '';
const agent = new Agent({ keepAlive: true, maxSockets: VISITORS + 10 });

beforeAll(async () => {
  const port = await freePort();
  store = await startOurProcess('store-api/main.ts', {
    ...{
      DATABASE_URL: database.url,
      DATABASE_POOL: '5',
      REDIS_URL: redis.url,
      REDIS_PREFIX: redis.prefix,
      AUTH_SECRET,
    },
    ...{ KAFKA_BROKERS: kafka.brokers.join(','), KAFKA_TOPIC_PREFIX: kafka.topicPrefix },
    ...{ STORE_PORT: String(port), OPS_PORT: String(await freePort()) },
  });
  url = `http://127.0.0.1:${port}`;
}, 60_000);
afterAll(async () => {
  agent.destroy();
  await store?.stop();
});

interface Answered {
  readonly status: number;
  readonly shed: string | undefined;
  readonly retryAfter: string | undefined;
  readonly tookMs: number;
}

function get(path: string, token?: string): Promise<Answered> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const asked = request(`${url}${path}`, { agent, headers }, (answer) => {
      answer.resume().on('end', () => {
        const { 'x-shed': shed, 'retry-after': retryAfter } = answer.headers;
        resolve({
          ...{ status: answer.statusCode ?? 0, retryAfter, tookMs: performance.now() - startedAt },
          shed: typeof shed === 'string' ? shed : undefined,
        });
      });
    });
    asked.on('error', reject).end();
  });
}

it('knows of a switch within a second', async () => {
  await database.pool.query(`insert into feature_flags (name, state) values ('suggestions', 'off')`);
  const isShed = async () => (await get('/api/v1/search/suggest?q=mug')).shed === 'suggestions';
  await eventually(isShed, { withinMs: 5_000 });
  const { rows } = await database.pool.query<{ age: number }>(
    `update feature_flags set state = 'auto' where name = 'suggestions'
     returning extract(epoch from clock_timestamp() - updated_at)::float8 as age`,
  );
  process.stdout.write(`overload: a switch was heard of in ${((rows[0]?.age ?? 0) * 1_000).toFixed(0)} ms\n`);
  await eventually(async () => !(await isShed()), { withinMs: 5_000 });
});

it('sheds, refuses who looks around, serves who buys, and comes back when they have gone', async () => {
  const tokens = createAccessTokens({ secret: AUTH_SECRET, clock: systemClock });
  const { accessToken } = await tokens.issue({ userId: newId(), kind: 'user', role: 'shopper' });
  // A process that has just started on a busy machine may be strained by that.
  const isWhole = async () => {
    const { status, shed } = await get('/api/v1/search/products?q=mug');
    return status === 200 && shed === undefined;
  };
  await eventually(isWhole, { withinMs: 20_000, everyMs: 100 });

  const gone = new AbortController();
  const seen = { served: 0, shed: 0, refused: 0, other: 0 };
  const refusals: number[] = [];
  async function visit(number: number): Promise<void> {
    for (let turn = 0; !gone.signal.aborted; turn += 1) {
      const answer = await get(`/api/v1/search/products?q=mug${(number + turn) % 50}`);
      if (answer.status === 503) {
        seen.refused += 1;
        refusals.push(answer.tookMs);
        expect(answer.retryAfter).toBe('1');
        // Nobody presses the button again in the same instant.
        await delay(THINK_MS);
      } else if (answer.status !== 200) seen.other += 1;
      else if (answer.shed === undefined) seen.served += 1;
      else seen.shed += 1;
    }
  }
  const visitors = Array.from({ length: VISITORS }, (_, number) => visit(number));
  const bought: Answered[] = [];
  try {
    await eventually(() => seen.refused > 100 && seen.shed > 0, { withinMs: 30_000 });
    // An order of nobody: found in the database to be none, and never refused for the load.
    for (let turn = 0; turn < 20; turn += 1) bought.push(await get(`/api/v1/orders/${newId()}`, accessToken));
  } finally {
    gone.abort();
    await Promise.allSettled(visitors);
  }
  await Promise.all(visitors);

  expect(bought.map(({ status }) => status)).toEqual(bought.map(() => 404));
  expect(seen.other).toBe(0);
  const middle = (of: number[]) => Math.round(of.toSorted((a, b) => a - b)[Math.floor(of.length / 2)] ?? 0);
  process.stdout.write(
    `overload: ${VISITORS} visitors: ${seen.served} served whole, ${seen.shed} without what is shed, ${seen.refused} refused in ${middle(refusals)} ms (median); orders answered in ${middle(bought.map(({ tookMs }) => tookMs))} ms\n`,
  );
  await eventually(isWhole, { withinMs: 20_000, everyMs: 100 });
}, 90_000);
