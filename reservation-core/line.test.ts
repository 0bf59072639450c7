import { describe, expect, it } from 'vitest';
import type { DropDefinition } from '../contracts/drop.ts';
import { liveDrop, newId } from '../test/fixtures/drop.ts';
import { useShards } from '../test/fixtures/shards.ts';
import { useRedis } from '../test/servers/redis.ts';
import { createDrops } from './drops.ts';
import { createLine } from './line.ts';

const NOW = 1_800_000_000_000;
const redis = useRedis();
const core = useShards(redis);

async function setup(changes: Partial<DropDefinition> = {}) {
  const { shards, keys } = core;
  const clock = { nowMs: NOW, now: () => clock.nowMs };
  const drop = liveDrop(NOW, changes);
  await createDrops({ shards, keys }).publish(drop);
  const line = createLine({ shards, keys, clock, onFailedCall: () => undefined });
  return {
    clock,
    drop,
    join: async (shopperId: string, region = 'eu') => {
      const answer = await line.join(drop.id, { shopperId, region });
      if (!answer.ok) throw new Error(answer.code);
      return answer.reply;
    },
    leave: (...shopperIds: string[]) => line.leave(drop.id, shopperIds),
    admit: () => line.admit(drop.id),
  };
}

const people = (count: number): string[] => Array.from({ length: count }, newId);

describe('the line', () => {
  it('gives places in the order of joining and keeps them for who comes back', async () => {
    const { join } = await setup();
    const [a = '', b = '', c = ''] = people(3);
    expect(await join(a)).toEqual({ reply: 'WAITING', place: 1, region: 'eu', ahead: 0 });
    expect(await join(b, 'asia')).toEqual({ reply: 'WAITING', place: 2, region: 'asia', ahead: 1 });
    expect(await join(c)).toMatchObject({ place: 3, ahead: 2 });
    expect(await join(b, 'eu')).toEqual({ reply: 'WAITING', place: 2, region: 'asia', ahead: 1 });
  });

  it('lets nobody wait behind those who left', async () => {
    const { join, leave } = await setup();
    const [a = '', b = '', c = ''] = people(3);
    for (const shopper of [a, b, c]) await join(shopper);
    expect(await leave(a, newId())).toEqual([{ reply: 'LEFT' }, { reply: 'UNKNOWN' }]);
    expect(await join(c)).toMatchObject({ place: 3, ahead: 1 });
    expect(await join(a)).toMatchObject({ place: 4, ahead: 2 });
  });

  it('keeps the region of the first place for ever: where a shopper claims is where their limit is counted', async () => {
    const { join, leave, admit, clock, drop } = await setup();
    const [a = ''] = people(1);
    expect(await join(a, 'eu')).toMatchObject({ place: 1, region: 'eu' });
    expect(await leave(a)).toEqual([{ reply: 'LEFT' }]);
    expect(await leave(a)).toEqual([{ reply: 'UNKNOWN' }]);
    expect(await join(a, 'asia')).toMatchObject({ place: 2, region: 'eu' });
    await admit();
    expect(await join(a, 'asia')).toMatchObject({ reply: 'ADMITTED', region: 'eu' });
    clock.nowMs += drop.passSeconds * 1_000;
    expect(await join(a, 'asia')).toMatchObject({ reply: 'WAITING', place: 3, region: 'eu' });
  });

  it('calls in order, and gives the pass to who asks after their place was called', async () => {
    const { join, admit, drop } = await setup({ admission: { perSecond: 2, maxActive: 10 } });
    const [a = '', b = '', c = ''] = people(3);
    for (const shopper of [a, b, c]) await join(shopper);
    expect(await admit()).toEqual({ reply: 'MOVED', admitted: 2, head: 2, waiting: 1 });
    const passUntilMs = NOW + drop.passSeconds * 1_000;
    expect(await join(b)).toEqual({ reply: 'ADMITTED', place: 2, region: 'eu', passUntilMs });
    expect(await join(c)).toMatchObject({ reply: 'WAITING', place: 3, ahead: 0 });
  });

  it('never admits more than perSecond over any second, whatever the steps of the clock', async () => {
    const { join, admit, clock } = await setup({ admission: { perSecond: 3, maxActive: 1_000 } });
    for (const shopper of people(40)) await join(shopper);
    const log: { atMs: number; admitted: number }[] = [];
    for (const stepMs of [0, 10, 400, 589, 1, 999, 1, 250, 250, 250, 250, 3_000, 500, 499, 1, -5_000, 100, 5_500]) {
      clock.nowMs += stepMs;
      const reply = await admit();
      if (reply.reply === 'MOVED') log.push({ atMs: clock.nowMs, admitted: reply.admitted });
    }
    for (const { atMs } of log) {
      const within = log.filter((other) => other.atMs > atMs - 1_000 && other.atMs <= atMs);
      expect(within.reduce((sum, { admitted }) => sum + admitted, 0)).toBeLessThanOrEqual(3);
    }
    expect(log.reduce((sum, { admitted }) => sum + admitted, 0)).toBeGreaterThanOrEqual(15);
  });

  it('never has more passes than maxActive; a pass that ends or is given up makes room', async () => {
    const { join, leave, admit, clock, drop } = await setup({ admission: { perSecond: 100, maxActive: 2 } });
    const [a = '', b = '', c = '', d = ''] = people(4);
    for (const shopper of [a, b, c, d]) await join(shopper);
    expect(await admit()).toMatchObject({ reply: 'MOVED', admitted: 2 });
    expect(await admit()).toEqual({ reply: 'STILL', head: 2, waiting: 2 });
    await leave(a);
    expect(await admit()).toMatchObject({ reply: 'MOVED', admitted: 1, head: 3 });
    clock.nowMs += drop.passSeconds * 1_000;
    expect(await admit()).toMatchObject({ reply: 'MOVED', admitted: 1, head: 4 });
    expect(await join(b)).toMatchObject({ reply: 'WAITING', place: 5 });
  });

  it('opens with the lobby, admits from the start, closes at the end', async () => {
    const { join, admit, clock, drop } = await setup();
    const [a = '', b = ''] = people(2);
    clock.nowMs = drop.lobbyOpensAt - 1;
    expect(await join(a)).toEqual({ reply: 'NOT_STARTED' });
    clock.nowMs = drop.lobbyOpensAt;
    expect(await join(a)).toMatchObject({ reply: 'WAITING' });
    expect(await admit()).toEqual({ reply: 'STILL', head: 0, waiting: 1 });
    clock.nowMs = drop.startsAt;
    expect(await admit()).toMatchObject({ reply: 'MOVED', admitted: 1 });
    clock.nowMs = drop.endsAt;
    expect(await join(b)).toEqual({ reply: 'ENDED' });
  });
});
