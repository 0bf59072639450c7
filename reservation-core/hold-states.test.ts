import { expect, it } from 'vitest';
import { LIMITS } from '../contracts/limits.ts';
import { newId } from '../test/fixtures/drop.ts';
import { useShards } from '../test/fixtures/shards.ts';
import { useRedis } from '../test/servers/redis.ts';
import { createHoldStates, type HoldRecord, parseHold } from './hold-states.ts';

const redis = useRedis();
const core = useShards(redis);
const SHOPPER = newId();

it('reads a record as lua/lib/holds.lua writes it, and refuses another', () => {
  const rest = { sku: 'TEE-1', quantity: 2, shopperId: SHOPPER, untilMs: 1_800_000_000_000 };
  const text = (state: string) => `${state}|TEE-1|2|${SHOPPER}|1800000000000`;
  expect(parseHold('c', text('held'))).toEqual({ claimId: 'c', state: 'held', reason: '', ...rest });
  expect(parseHold('c', text('sold'))).toEqual({ claimId: 'c', state: 'sold', reason: '', ...rest });
  expect(parseHold('c', text('declined'))).toEqual({ claimId: 'c', state: 'released', reason: 'declined', ...rest });
  expect(() => parseHold('c', 'held|TEE-1|2')).toThrow('is none');
  expect(() => parseHold('c', `${text('held')}|more`)).toThrow('is none');
});

it('finds holds by their claims, and walks over all of them, each once, in bounded pages', async () => {
  const { shards, keys } = core;
  const dropId = newId();
  const states = createHoldStates({ shards, keys });
  const ids = Array.from({ length: 5_000 }, newId);
  const records = ids.map((id) => [id, `held|TEE-1|1|${SHOPPER}|1`] as const);
  await shards.home.redis.hset(keys.stock(dropId, 'eu').holds, Object.fromEntries(records));
  const found = await states.find(dropId, 'eu', [...ids.slice(0, 1_500), newId()]);
  expect([...found.keys()]).toEqual(ids.slice(0, 1_500));
  const walked: HoldRecord[] = [];
  let pages = 0;
  for await (const page of states.scan(dropId, 'eu')) {
    pages += 1;
    expect(page.length).toBeLessThan(2 * LIMITS.holdsPage);
    // It grows meanwhile, which makes Redis walk over some of it again.
    const more = Array.from({ length: 1_000 }, () => [newId(), `sold|TEE-1|1|${SHOPPER}|1`] as const);
    if (pages < 5) await shards.home.redis.hset(keys.stock(dropId, 'eu').holds, Object.fromEntries(more));
    walked.push(...page);
  }
  expect(new Set(walked.map(({ claimId }) => claimId)).size).toBe(walked.length);
  expect(
    walked
      .filter(({ state }) => state === 'held')
      .map(({ claimId }) => claimId)
      .toSorted(),
  ).toEqual(ids.toSorted());
  expect(await states.find(dropId, 'asia', ids.slice(0, 1))).toEqual(new Map());
});

it('knows whether a region has the terms of a drop', async () => {
  const { shards, keys } = core;
  const dropId = newId();
  const states = createHoldStates({ shards, keys });
  expect(await states.isKnown(dropId, 'eu')).toBe(false);
  await shards.home.redis.hset(keys.stock(dropId, 'eu').terms, 'state', 'scheduled');
  expect(await states.isKnown(dropId, 'eu')).toBe(true);
});
