import { describe, expect, it } from 'vitest';
import { LIFETIMES } from '../contracts/limits.ts';
import { joinRow, liveDrop, newId, PASS_UNTIL_MS } from '../test/fixtures/drop.ts';
import { silentLog, useShards } from '../test/fixtures/shards.ts';
import { useRedis } from '../test/servers/redis.ts';
import { createClaims } from './claims.ts';
import { createDrops } from './drops.ts';
import { createHolds } from './holds.ts';
import { createLine } from './line.ts';
import { retireDrop } from './retire.ts';

const core = useShards(useRedis());

describe('a drop that has ended', () => {
  it('keeps its keys until everything is finished, and then for a week', async () => {
    const { shards, keys } = core;
    const nowMs = Date.now();
    const drop = liveDrop(nowMs);
    const clock = { now: () => nowMs };
    const drops = createDrops(core);
    await drops.publish(drop);
    expect(await retireDrop(core, drop, nowMs)).toBe('going on');

    const shopperId = newId();
    const claimId = newId();
    const onFailedCall = (error: unknown) => silentLog.error(error);
    await createLine({ shards, keys, clock, edge: 'e', onFailedCall }).join(drop.id, joinRow(shopperId), 'socket');
    const row = {
      key: 'k',
      shopperId,
      sku: 'SNEAKER-42',
      quantity: 1,
      claimId,
      holdUntilMs: nowMs,
      passUntilMs: PASS_UNTIL_MS,
      unitPrice: 4_900,
      payment: '',
    };
    await createClaims({ shards, keys, clock, onFailedCall }).claim(drop.id, 'eu', row);
    expect(await retireDrop(core, drop, drop.endsAt)).toBe('not finished');

    await createHolds(core).confirm(drop.id, 'eu', [claimId]);
    expect(await retireDrop(core, drop, drop.endsAt)).toBe('not finished');
    await shards.home.redis.xtrim(keys.stock(drop.id, 'eu').outbox, 'MAXLEN', 0);
    expect(await retireDrop(core, drop, drop.endsAt)).toBe('retired');

    expect(await drops.ids()).not.toContain(drop.id);
    const untilMs = drop.endsAt + LIFETIMES.dropKeysAfterEndMs;
    const names = [...Object.values(keys.line(drop.id)), ...Object.values(keys.stock(drop.id, 'eu'))];
    const ends = await Promise.all(names.map((name) => shards.home.redis.pexpiretime(name)));
    expect(new Set(ends)).toEqual(new Set([untilMs, -2]));
    expect(ends[names.indexOf(keys.stock(drop.id, 'eu').holds)]).toBe(untilMs);
  });
});
