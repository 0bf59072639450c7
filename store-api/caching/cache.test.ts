import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { INTERVALS, LIMITS } from '../../contracts/limits.ts';
import type { Clock } from '../../platform/clock.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { silentLog } from '../../test/fixtures/shards.ts';
import { eventually } from '../../test/servers/eventually.ts';
import { useRedisConnection } from '../../test/servers/redis-connection.ts';
import { type Cache, createCache } from './cache.ts';
import { createMemory } from './memory.ts';
import { createSharedCache } from './shared.ts';

const home = useRedisConnection();

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** Caches of as many processes, with what they load, and how often they did. */
function processes(count: number, options: { ttlMs?: number; hears?: () => boolean } = {}) {
  const prefix = `${home.redisPrefix}:${newId()}`;
  const state = { loads: 0, nowMs: 1_000_000, value: 'first', gate: Promise.resolve(), fails: false };
  const clock: Clock = { now: () => state.nowMs };
  const caches: Cache<string>[] = Array.from({ length: count }, () =>
    createCache<string>({
      clock,
      log: silentLog,
      shared: createSharedCache({ redis: home.redis, prefix, kind: 'product', log: silentLog, isValue: isText }),
      ttlMs: () => options.ttlMs ?? INTERVALS.cacheMs,
      async load(id) {
        state.loads += 1;
        const { value, fails } = state;
        await state.gate;
        if (fails) throw new Error('the database is away');
        return id === 'none' ? undefined : value;
      },
    }),
  );
  return { state, caches, at: (index: number): Cache<string> => caches[index] ?? caches[0] ?? raise() };
}

function raise(): never {
  throw new Error('There is no such cache.');
}

describe('a cold entry', () => {
  it('is loaded once, however many ask at once in one process', async () => {
    const { state, at } = processes(1);
    const answers = await Promise.all(Array.from({ length: 200 }, () => at(0).get('a')));
    expect(new Set(answers)).toEqual(new Set(['first']));
    expect(state.loads).toBe(1);
  });

  it('is loaded once by 200 who ask four processes', async () => {
    const { state, caches } = processes(4);
    const gate = Promise.withResolvers<void>();
    state.gate = gate.promise;
    const asking = Array.from({ length: 200 }, (_, n) => caches[n % 4]?.get('a'));
    await eventually(() => state.loads === 1, { withinMs: 2_000 });
    gate.resolve();
    expect(new Set(await Promise.all(asking))).toEqual(new Set(['first']));
    expect(state.loads).toBe(1);
  });

  it('that there is not is asked for again', async () => {
    const { state, at } = processes(1);
    expect(await at(0).get('none')).toBeUndefined();
    expect(await at(0).get('none')).toBeUndefined();
    expect(state.loads).toBe(2);
  });

  it('whose load fails is loaded again by the next who asks', async () => {
    const { state, at } = processes(1);
    state.fails = true;
    await expect(at(0).get('a')).rejects.toThrow('away');
    state.fails = false;
    expect(await at(0).get('a')).toBe('first');
  });
});

describe('an entry', () => {
  it('is loaded anew when it was invalidated, and by other processes as soon as Redis knows', async () => {
    const { state, at } = processes(2);
    await at(0).get('a');
    state.value = 'second';
    expect(await at(1).get('a')).toBe('first');
    await at(0).invalidate(['a']);
    expect(await at(0).get('a')).toBe('second');
    at(1).forget();
    expect(await at(1).get('a')).toBe('second');
    expect(state.loads).toBe(2);
  });

  it('that was loaded before an invalidation is not kept after it', async () => {
    const { state, at } = processes(2);
    const gate = Promise.withResolvers<void>();
    state.gate = gate.promise;
    const early = at(0).get('a');
    await eventually(() => state.loads === 1, { withinMs: 2_000 });
    state.value = 'second';
    await at(1).invalidate(['a']);
    await at(0).invalidate(['a']);
    gate.resolve();
    expect(await early).toBe('first');
    expect(await at(0).get('a')).toBe('second');
    expect(await at(1).get('a')).toBe('second');
  });

  it('that is nearly too old is handed out while one loads it anew', async () => {
    const { state, caches, at } = processes(3);
    await Promise.all(caches.map((cache) => cache.get('a')));
    state.value = 'second';
    state.nowMs += INTERVALS.cacheMs * 0.9;
    const gate = Promise.withResolvers<void>();
    state.gate = gate.promise;
    for (let n = 0; n < 50; n += 1) expect(await at(n % 3).get('a')).toBe('first');
    await eventually(() => state.loads === 2, { withinMs: 2_000 });
    gate.resolve();
    await eventually(async () => (await at(0).get('a')) === 'second', { withinMs: 2_000 });
    await eventually(async () => (await at(1).get('a')) === 'second', { withinMs: 2_000 });
    expect(state.loads).toBe(2);
  });

  it('is too old soon while nobody would tell of a change', async () => {
    const { state, at } = processes(1, { ttlMs: INTERVALS.cacheUnheardMs });
    await at(0).get('a');
    state.value = 'second';
    state.nowMs += INTERVALS.cacheUnheardMs;
    expect(await at(0).get('a')).toBe('second');
  });

  it('of another shape than this code writes is loaded anew', async () => {
    const { at } = processes(1);
    await at(0).get('a');
    const [key] = (await home.redis.keys(`${home.redisPrefix}*:value`)).slice(-1);
    expect(key).toBeDefined();
    for (const odd of ['null', '[]', '{"age":"0","loadedAtMs":1,"value":7}']) {
      for (const name of await home.redis.keys(`${home.redisPrefix}*:value`)) await home.redis.set(name, odd);
      at(0).forget();
      expect(await at(0).get('a')).toBe('first');
    }
  });
});

describe('the memory of a process', () => {
  it('forgets what was not asked for longest', async () => {
    const memory = createMemory<number>(3);
    for (const [n, key] of ['a', 'b', 'c'].entries()) memory.set(key, n);
    memory.get('a');
    memory.set('d', 3);
    expect(['a', 'b', 'c', 'd'].map((key) => memory.get(key))).toEqual([0, undefined, 2, 3]);
    for (let n = 0; n < 10; n += 1) memory.set(String(n), n);
    expect(memory.size).toBe(3);
    await nextTurn();
    expect(LIMITS.cacheEntries).toBeGreaterThan(memory.size);
  });
});
