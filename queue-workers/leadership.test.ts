import { afterEach, describe, expect, it } from 'vitest';
import { closeRedis, connectRedis, type Redis } from '../platform/connections/redis.ts';
import { silentLog } from '../test/fixtures/shards.ts';
import { eventually } from '../test/servers/eventually.ts';
import { useOwnRedis } from '../test/servers/own-redis.ts';
import { createLeadership, type Leadership } from './leadership.ts';

const server = useOwnRedis();
const LOCK_MS = 800;
const KEY = 'test:rebalance-leader';
const withinMs = 15_000;
const opened: { leadership: Leadership; redis: Redis }[] = [];

async function candidate() {
  const redis = await connectRedis({ url: server.url, name: 'candidate', log: silentLog });
  const losses: unknown[] = [];
  const leadership = createLeadership({ redis, key: KEY, lockMs: LOCK_MS, onLost: (error) => losses.push(error) });
  opened.push({ leadership, redis });
  return { leadership, redis, losses };
}

afterEach(async () => {
  for (const { leadership, redis } of opened.splice(0)) {
    await leadership.resign().catch(() => undefined);
    await closeRedis(redis);
  }
});

const takesOver = (leadership: Leadership) =>
  eventually(async () => (await leadership.lead()) ?? false, { withinMs, everyMs: 50 });

describe('the lead', () => {
  it('is held by one, longer than the lock lasts, and handed over when given up', async () => {
    const [one, two] = [await candidate(), await candidate()];
    const lead = await one.leadership.lead();
    expect(lead?.aborted).toBe(false);
    const untilMs = performance.now() + 2 * LOCK_MS;
    await eventually(
      async () => {
        expect(await two.leadership.lead()).toBeUndefined();
        return performance.now() > untilMs;
      },
      { withinMs, everyMs: 50 },
    );
    expect(await one.leadership.lead()).toBe(lead);
    await one.leadership.resign();
    expect(lead?.aborted).toBe(true);
    expect((await two.leadership.lead())?.aborted).toBe(false);
    expect(await one.leadership.lead()).toBeUndefined();
  });

  it('goes to another when its holder died', async () => {
    const [one, two] = [await candidate(), await candidate()];
    expect(await one.leadership.lead()).toBeDefined();
    one.redis.disconnect();
    expect((await takesOver(two.leadership)).aborted).toBe(false);
    expect(
      await eventually(async () => (await one.leadership.lead().catch(() => undefined)) === undefined, { withinMs }),
    ).toBe(true);
    expect(one.losses).toHaveLength(1);
  });

  it('is told to be lost when somebody else has the lock', async () => {
    const one = await candidate();
    const lead = await one.leadership.lead();
    await one.redis.set(`mutex:${KEY}`, 'somebody else', 'PX', LOCK_MS);
    await eventually(() => lead?.aborted === true, { withinMs });
    expect(one.losses).toHaveLength(1);
    await takesOver(one.leadership);
  });

  it('survives a Redis that is gone for less than the lock lasts, and ends the process in no case', async () => {
    const [one, two] = [await candidate(), await candidate()];
    expect(await one.leadership.lead()).toBeDefined();
    await server.kill();
    await server.restart();
    const leader = await Promise.any([takesOver(one.leadership), takesOver(two.leadership)]);
    expect(leader.aborted).toBe(false);
  });
});
