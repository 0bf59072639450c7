import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../platform/clock.ts';
import { liveDrop, newId } from '../test/fixtures/drop.ts';
import { silentLog } from '../test/fixtures/shards.ts';
import { eventually } from '../test/servers/eventually.ts';
import { useOwnRedis } from '../test/servers/own-redis.ts';
import { useRedis } from '../test/servers/redis.ts';
import { createClaims } from './claims.ts';
import { createDrops } from './drops.ts';
import { createKeys } from './keys.ts';
import { connectShards, type ShardOptions, type Shards } from './shards.ts';
import { createStock } from './stock.ts';

const SKU = 'SNEAKER-42';
const home = useRedis();
/** Where asia lives. */
const away = useOwnRedis();
const keys = createKeys(home.prefix);
const open: Shards[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((shards) => shards.close()));
});

async function connect(changes: Partial<ShardOptions> = {}): Promise<Shards> {
  const regionUrls = new Map([
    ['eu', home.url],
    ['asia', away.url],
  ]);
  const shards = await connectShards({ homeUrl: home.url, regionUrls, name: 'test', log: silentLog, ...changes });
  open.push(shards);
  return shards;
}

function claimsAt(shards: Shards, dropId: string) {
  const claims = createClaims({ shards, keys, clock: systemClock, onFailedCall: () => undefined });
  return async (region: string) => {
    const claimId = newId();
    const until = { holdUntilMs: Date.now() + 600_000, passUntilMs: Date.now() + 600_000 };
    const row = {
      key: claimId,
      shopperId: newId(),
      claimId,
      sku: SKU,
      quantity: 1,
      unitPrice: 4_900,
      payment: '',
      ...until,
    };
    const answer = await claims.claim(dropId, region, row);
    return answer.ok ? answer.reply.reply : answer.code;
  };
}

const failing = async (shards: Shards) => {
  const results = await Promise.all(
    shards.checks.map(async ({ name, check, needed }) => ({
      name,
      needed,
      ok: await check().then(
        () => true,
        () => false,
      ),
    })),
  );
  return results.filter(({ ok }) => !ok);
};

describe('a region whose Redis is gone when a process starts', () => {
  it('stands still alone: the others sell, and it joins in when it is back', { timeout: 60_000 }, async () => {
    const drop = liveDrop(Date.now());
    await createDrops({ shards: await connect(), keys }).publish(drop);
    await away.kill();

    const shards = await connect();
    expect(shards.missing()).toEqual(['asia']);
    expect(await failing(shards)).toEqual([{ name: 'redis of asia', needed: false, ok: false }]);
    const claim = claimsAt(shards, drop.id);
    expect(await Promise.all([claim('eu'), claim('asia'), claim('eu')])).toEqual(['WON', 'BUSY', 'WON']);
    const startedAt = performance.now();
    const scripts = shards.region('asia')?.scripts;
    const called = scripts?.run({ name: 'stock/x', sha: 'none', source: 'return 1' }, [], []);
    await expect(called).rejects.toMatchObject({ code: 'REDIS_UNREACHABLE', retryable: true });
    await expect(createStock({ shards, keys }).ledger(drop.id, 'asia')).rejects.toThrow();
    expect(performance.now() - startedAt).toBeLessThan(100);

    await away.restart();
    await eventually(() => shards.missing().length === 0, { withinMs: 20_000 });
    expect(await claim('asia')).toBe('WON');
    expect(await failing(shards)).toEqual([]);
  });

  it('counts as gone when it takes connections and says nothing', { timeout: 60_000 }, async () => {
    process.kill(away.pid, 'SIGSTOP');
    try {
      const shards = await connect();
      expect(shards.missing()).toEqual(['asia']);
      await expect(createStock({ shards, keys }).ledger(newId(), 'asia')).rejects.toThrow();
      process.kill(away.pid, 'SIGCONT');
      await eventually(() => shards.missing().length === 0, { withinMs: 20_000 });
    } finally {
      process.kill(away.pid, 'SIGCONT');
    }
  });

  it('does not keep a process from ending', { timeout: 60_000 }, async () => {
    await away.kill();
    const shards = await connect();
    await shards.close();
    expect(shards.region('asia')?.redis.status).not.toBe('ready');
    await away.restart();
    expect((await connect()).missing()).toEqual([]);
    expect(shards.region('asia')?.redis.status).not.toBe('ready');
  });
});

describe('connectShards', () => {
  it('fails without the home, and with a password that a region refuses', { timeout: 60_000 }, async () => {
    await expect(connect({ homeUrl: 'redis://127.0.0.1:1' })).rejects.toThrow(/127\.0\.0\.1:1 cannot be used/);
    const wrong = new URL(away.url);
    wrong.username = 'nobody';
    wrong.password = 'hunter2';
    await expect(connect({ regionUrls: new Map([['asia', wrong.href]]) })).rejects.toThrow(/WRONGPASS/);
  });

  it('says what to do about replicas in a cluster, before it connects to anything', async () => {
    const changes = { homeUrl: 'redis://127.0.0.1:1', mode: 'cluster', durability: 'replicated' } as const;
    await expect(connect(changes)).rejects.toThrow(
      /CLAIM_DURABILITY=replicated needs REDIS_MODE=single.*CLAIM_DURABILITY=fsync/,
    );
  });
});
