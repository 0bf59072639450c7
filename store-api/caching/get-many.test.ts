import { describe, expect, it } from 'vitest';
import { INTERVALS } from '../../contracts/limits.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { silentLog } from '../../test/fixtures/shards.ts';
import { useRedisConnection } from '../../test/servers/redis-connection.ts';
import { createCache } from './cache.ts';
import { createSharedCache } from './shared.ts';

const home = useRedisConnection();
const isText = (value: unknown): value is string => typeof value === 'string';

/** Two processes that load what is asked for in capitals, and what they loaded at once. */
function stage() {
  const prefix = `${home.redisPrefix}:${newId()}`;
  const loads: string[][] = [];
  const state = { nowMs: 1_000_000, gate: Promise.resolve(), mark: '' };
  const make = () =>
    createCache<string>({
      ...{ clock: { now: () => state.nowMs }, log: silentLog, ttlMs: () => INTERVALS.cacheMs },
      shared: createSharedCache({ redis: home.redis, prefix, kind: 'product', log: silentLog, isValue: isText }),
      load: async (id) => id.toUpperCase() + state.mark,
      async loadMany(ids) {
        loads.push([...ids]);
        const { mark } = state;
        await state.gate;
        return new Map(ids.filter((id) => id !== 'none').map((id) => [id, id.toUpperCase() + mark]));
      },
    });
  return { state, loads, one: make(), other: make() };
}

describe('several entries', () => {
  it('are loaded at once, then remembered here and in Redis', async () => {
    const { loads, one, other } = stage();
    expect(await one.getMany(['a', 'b', 'none', 'a'])).toEqual(
      new Map([
        ['a', 'A'],
        ['b', 'B'],
      ]),
    );
    expect(await one.getMany(['b', 'c'])).toEqual(
      new Map([
        ['b', 'B'],
        ['c', 'C'],
      ]),
    );
    expect(await other.getMany(['a', 'b', 'c', 'd'])).toHaveProperty('size', 4);
    expect(loads).toEqual([['a', 'b', 'none'], ['c'], ['d']]);
    expect(await other.get('a')).toBe('A');
    expect(await one.getMany([])).toEqual(new Map());
  });

  it('are loaded anew when they are too old or were invalidated by another process', async () => {
    const { state, loads, one, other } = stage();
    await one.getMany(['a', 'b']);
    state.mark = '!';
    await other.invalidate(['a']);
    one.forget();
    expect(await one.getMany(['a', 'b'])).toEqual(
      new Map([
        ['a', 'A!'],
        ['b', 'B'],
      ]),
    );
    state.nowMs += INTERVALS.cacheMs;
    expect(await one.getMany(['b'])).toEqual(new Map([['b', 'B!']]));
    expect(loads).toEqual([['a', 'b'], ['a'], ['b']]);
  });

  it('that were being loaded while they were invalidated are answered, and not remembered', async () => {
    const { state, loads, one, other } = stage();
    const gate = Promise.withResolvers<void>();
    state.gate = gate.promise;
    const asking = one.getMany(['a']);
    while (loads.length === 0) await home.redis.ping();
    state.mark = '!';
    await one.invalidate(['a']);
    gate.resolve();
    expect(await asking).toEqual(new Map([['a', 'A']]));
    expect(await one.getMany(['a'])).toEqual(new Map([['a', 'A!']]));
    expect(await other.getMany(['a'])).toEqual(new Map([['a', 'A!']]));
  });
});
