import { describe, expect, it } from 'vitest';
import type { DropDefinition } from '../contracts/drop.ts';
import { INTERVALS } from '../contracts/limits.ts';
import { EVERYBODY, joinRow, liveDrop, newId, PASS_UNTIL_MS } from '../test/fixtures/drop.ts';
import { useShards } from '../test/fixtures/shards.ts';
import { useRedis } from '../test/servers/redis.ts';
import { createDraw } from './draw.ts';
import { createDrops } from './drops.ts';
import { createLine } from './line.ts';

const NOW = 1_800_000_000_000;
const redis = useRedis();
const core = useShards(redis);
const GOLD = [
  { name: 'main', weight: 1, tier: 'all' },
  { name: 'gold', weight: 3, tier: 'gold' },
];

async function setup(changes: Partial<DropDefinition> = {}) {
  const { shards, keys } = core;
  const clock = { nowMs: NOW, now: () => clock.nowMs };
  const drop = liveDrop(NOW, changes);
  await createDrops({ shards, keys }).publish(drop);
  const edge = (name: string) => createLine({ shards, keys, clock, edge: name, onFailedCall: () => undefined });
  const line = edge('one');
  const answered = async <Reply>(answer: Promise<{ ok: true; reply: Reply } | { ok: false; code: string }>) => {
    const settled = await answer;
    if (!settled.ok) throw new Error(settled.code);
    return settled.reply;
  };
  return {
    clock,
    drop,
    edge,
    draw: createDraw({ shards, keys }),
    join: (shopperId: string, region = 'eu', lane = 'main', at = line) =>
      answered(at.join(drop.id, joinRow(shopperId, region, lane), 'socket')),
    ask: (shopperId: string) => answered(line.join(drop.id, { ...joinRow(shopperId), mayJoin: 0 }, 'elsewhere')),
    leave: (shopperId: string) => answered(line.leave(drop.id, shopperId, 'left', PASS_UNTIL_MS)),
    leaveInHand: (shopperId: string) => answered(line.leave(drop.id, shopperId, 'left')),
    stall: (shopperId: string) => answered(line.stall(drop.id, shopperId)),
    away: (shopperId: string, at = line) => answered(at.away(drop.id, shopperId)),
    admit: (wanted = EVERYBODY, at = line) => at.admit(drop.id, wanted),
  };
}

const people = (count: number): string[] => Array.from({ length: count }, newId);

describe('the line', () => {
  it('gives places in the order of joining and keeps them for who comes back', async () => {
    const { join } = await setup();
    const [a = '', b = '', c = ''] = people(3);
    const main = { lane: 'main', lastPassUntilMs: 0 };
    expect(await join(a)).toEqual({ reply: 'WAITING', place: 1, region: 'eu', ahead: 0, most: 0, ...main });
    expect(await join(b, 'asia')).toEqual({ reply: 'WAITING', place: 2, region: 'asia', ahead: 1, most: 1, ...main });
    expect(await join(c)).toMatchObject({ place: 3, ahead: 2 });
    expect(await join(b, 'eu')).toEqual({ reply: 'WAITING', place: 2, region: 'asia', ahead: 1, most: 1, ...main });
  });

  it('lets nobody wait behind those who left', async () => {
    const { join, leave } = await setup();
    const [a = '', b = '', c = ''] = people(3);
    for (const shopper of [a, b, c]) await join(shopper);
    expect(await leave(a)).toEqual({ reply: 'LEFT' });
    expect(await leave(newId())).toEqual({ reply: 'UNKNOWN' });
    expect(await join(c)).toMatchObject({ place: 3, ahead: 1 });
    expect(await join(a)).toMatchObject({ place: 4, ahead: 2 });
  });

  it('keeps the region of the first place for ever: where a shopper claims is where their limit is counted', async () => {
    const { join, leave, admit, clock, drop } = await setup();
    const [a = ''] = people(1);
    expect(await join(a, 'eu')).toMatchObject({ place: 1, region: 'eu' });
    expect(await leave(a)).toEqual({ reply: 'LEFT' });
    expect(await leave(a)).toEqual({ reply: 'UNKNOWN' });
    expect(await join(a, 'asia')).toMatchObject({ place: 2, region: 'eu' });
    await admit();
    expect(await join(a, 'asia')).toMatchObject({ reply: 'ADMITTED', region: 'eu' });
    const passUntilMs = clock.nowMs + drop.passSeconds * 1_000;
    clock.nowMs = passUntilMs;
    const again = { reply: 'WAITING', place: 3, region: 'eu', lastPassUntilMs: passUntilMs };
    expect(await join(a, 'asia')).toMatchObject(again);
  });

  it('calls in order, and gives the pass to who asks after their place was called', async () => {
    const { join, admit, drop } = await setup({ admission: { perSecond: 2, maxActive: 10 } });
    const [a = '', b = '', c = ''] = people(3);
    for (const shopper of [a, b, c]) await join(shopper);
    expect(await admit()).toMatchObject({ called: 2, heads: [2], waits: [1], waiting: 1, active: 2 });
    const passUntilMs = NOW + drop.passSeconds * 1_000;
    const admitted = { reply: 'ADMITTED', place: 2, lane: 'main', region: 'eu', passUntilMs };
    expect(await join(b)).toEqual({ ...admitted, again: 0 });
    expect(await join(b)).toEqual({ ...admitted, again: 1 });
    expect(await join(c)).toMatchObject({ reply: 'WAITING', place: 3, ahead: 0 });
  });

  it('never admits more than perSecond over any second, whatever the steps of the clock', async () => {
    const { join, admit, clock } = await setup({ admission: { perSecond: 3, maxActive: 1_000 } });
    for (const shopper of people(40)) await join(shopper);
    const log: { atMs: number; called: number }[] = [];
    for (const stepMs of [0, 10, 400, 589, 1, 999, 1, 250, 250, 250, 250, 3_000, 500, 499, 1, -5_000, 100, 5_500]) {
      clock.nowMs += stepMs;
      log.push({ atMs: clock.nowMs, called: (await admit()).called });
    }
    for (const { atMs } of log) {
      const within = log.filter((other) => other.atMs > atMs - 1_000 && other.atMs <= atMs);
      expect(within.reduce((sum, { called }) => sum + called, 0)).toBeLessThanOrEqual(3);
    }
    expect(log.reduce((sum, { called }) => sum + called, 0)).toBeGreaterThanOrEqual(15);
  });

  it('never has more passes than maxActive; a pass that ends or is given up makes room', async () => {
    const { join, leave, admit, clock, drop } = await setup({ admission: { perSecond: 100, maxActive: 2 } });
    const [a = '', b = '', c = '', d = ''] = people(4);
    for (const shopper of [a, b, c, d]) await join(shopper);
    expect(await admit()).toMatchObject({ called: 2 });
    expect(await admit()).toMatchObject({ called: 0, heads: [2], waiting: 2 });
    for (const shopper of [a, b]) await join(shopper);
    await leave(a);
    expect(await admit()).toMatchObject({ called: 1, heads: [3] });
    await join(c);
    clock.nowMs += drop.passSeconds * 1_000;
    expect(await admit()).toMatchObject({ called: 1, heads: [4] });
    expect(await join(b)).toMatchObject({ reply: 'WAITING', place: 5 });
  });

  it('forgets a pass that has run out when its shopper takes a new place', async () => {
    const { join, admit, clock, drop } = await setup({ admission: { perSecond: 100, maxActive: 1 } });
    const [a = ''] = people(1);
    await join(a);
    await admit();
    await join(a);
    clock.nowMs += drop.passSeconds * 1_000;
    expect(await join(a)).toMatchObject({ reply: 'WAITING', place: 2 });
    expect(await admit()).toMatchObject({ called: 1, heads: [2], active: 1 });
    expect(await join(a)).toMatchObject({ reply: 'ADMITTED', place: 2 });
  });

  it('keeps the place of a pass in hand until it is void: what can still claim is counted', async () => {
    const { join, admit, leaveInHand, leave, drop } = await setup({ admission: { perSecond: 100, maxActive: 1 } });
    const [a = '', b = ''] = people(2);
    for (const shopper of [a, b]) await join(shopper);
    await admit();
    await join(a);
    const passUntilMs = NOW + drop.passSeconds * 1_000;
    expect(await leaveInHand(a)).toEqual({ reply: 'HAS_PASS', region: 'eu', passUntilMs });
    expect(await admit()).toMatchObject({ called: 0, active: 1 });
    expect(await leave(a)).toEqual({ reply: 'LEFT' });
    expect(await admit()).toMatchObject({ called: 1, active: 1 });
    // Called and not picked up: nobody has this pass.
    expect(await leaveInHand(b)).toEqual({ reply: 'LEFT' });
  });

  it('calls no more than are wanted: what is left would not be enough for them', async () => {
    const { join, admit } = await setup();
    for (const shopper of people(10)) await join(shopper);
    expect(await admit(3)).toMatchObject({ called: 3, active: 3 });
    expect(await admit(3)).toMatchObject({ called: 0 });
    expect(await admit(0)).toMatchObject({ called: 0, waiting: 7 });
  });

  it('calls others beside those who have a pass and nothing to claim', async () => {
    const { join, admit, stall, leave } = await setup();
    const [a = '', b = '', c = '', d = ''] = people(4);
    for (const shopper of [a, b, c, d]) await join(shopper);
    expect(await admit(1)).toMatchObject({ called: 1 });
    expect(await stall(a)).toEqual({ reply: 'STALLED' });
    expect(await stall(b)).toEqual({ reply: 'NO_PASS' });
    expect(await admit(1)).toMatchObject({ called: 1, active: 2 });
    await leave(a);
    expect(await admit(1)).toMatchObject({ called: 0, active: 1 });
  });

  it('calls others beside those who were long away when they were called, until they are back', async () => {
    const { join, admit, away, leave, clock } = await setup();
    const [a = '', b = '', c = '', d = ''] = people(4);
    for (const shopper of [a, b, c, d]) await join(shopper);
    await away(a);
    clock.nowMs += INTERVALS.pickUpMs - 1;
    await away(b);
    clock.nowMs += 1;
    expect(await admit(1)).toMatchObject({ called: 1 });
    // Somebody who was there a moment ago is waited for.
    expect(await admit(1)).toMatchObject({ called: 1, active: 2 });
    expect(await admit(1)).toMatchObject({ called: 0 });
    expect(await join(a)).toMatchObject({ reply: 'ADMITTED' });
    await leave(b);
    expect(await admit(1)).toMatchObject({ called: 0, active: 1 });
  });

  it('opens with the lobby, admits from the start, closes at the end', async () => {
    const { join, admit, clock, drop } = await setup();
    const [a = '', b = ''] = people(2);
    clock.nowMs = drop.lobbyOpensAt - 1;
    expect(await join(a)).toEqual({ reply: 'NOT_STARTED' });
    clock.nowMs = drop.lobbyOpensAt;
    expect(await join(a)).toMatchObject({ reply: 'WAITING' });
    expect(await admit()).toMatchObject({ called: 0, waiting: 1 });
    clock.nowMs = drop.startsAt;
    expect(await admit()).toMatchObject({ called: 1 });
    clock.nowMs = drop.endsAt;
    expect(await join(b)).toEqual({ reply: 'ENDED' });
  });
});

describe('who is not there', () => {
  it('is passed over when their turn comes, and keeps nobody waiting', async () => {
    const { join, away, admit, clock } = await setup({ admission: { perSecond: 100, maxActive: 2 } });
    const [a = '', b = '', c = '', d = ''] = people(4);
    for (const shopper of [a, b, c, d]) await join(shopper);
    expect(await away(a)).toEqual({ reply: 'AWAY' });
    clock.nowMs += INTERVALS.graceMs - 1;
    await away(b);
    clock.nowMs += 1;
    // a was away for as long as the grace lasts, b was not.
    expect(await admit()).toMatchObject({ called: 2, skipped: 1, heads: [3] });
    expect(await join(a)).toMatchObject({ reply: 'WAITING', place: 5 });
    expect(await join(b)).toMatchObject({ reply: 'ADMITTED', place: 2 });
  });

  it('comes back within the grace and finds the place', async () => {
    const { join, away, admit, clock } = await setup();
    const [a = ''] = people(1);
    await join(a);
    await away(a);
    clock.nowMs += INTERVALS.graceMs / 2;
    expect(await join(a)).toMatchObject({ place: 1 });
    clock.nowMs += INTERVALS.graceMs / 2;
    expect(await admit()).toMatchObject({ called: 1, skipped: 0 });
  });

  it('is there as long as one edge has a socket of theirs', async () => {
    const { join, away, admit, edge, clock } = await setup();
    const two = edge('two');
    const [a = ''] = people(1);
    await join(a);
    await join(a, 'eu', 'main', two);
    expect(await away(a, two)).toEqual({ reply: 'ELSEWHERE' });
    clock.nowMs += INTERVALS.graceMs;
    expect(await admit()).toMatchObject({ called: 1 });
  });

  it('is gone with an edge that says nothing any more', async () => {
    const { join, admit, edge, clock } = await setup();
    const dead = edge('dead');
    await admit(0, dead);
    const [a = '', b = ''] = people(2);
    await join(a, 'eu', 'main', dead);
    await join(b);
    clock.nowMs += INTERVALS.graceMs;
    expect(await admit()).toMatchObject({ called: 1, skipped: 1 });
    expect(await join(b)).toMatchObject({ reply: 'ADMITTED' });
  });

  it('is there with the first word of an edge that nobody has heard of', async () => {
    const { join, admit, edge, clock } = await setup();
    const [a = ''] = people(1);
    await join(a, 'eu', 'main', edge('new'));
    clock.nowMs += 1;
    expect(await admit()).toMatchObject({ called: 1, skipped: 0 });
  });

  it('loses a pass that they do not pick up, soon, and not the whole time of a pass', async () => {
    const { join, admit, clock } = await setup({ admission: { perSecond: 100, maxActive: 1 } });
    const [a = '', b = ''] = people(2);
    for (const shopper of [a, b]) await join(shopper);
    await admit();
    clock.nowMs += INTERVALS.pickUpMs - 1;
    expect(await admit()).toMatchObject({ called: 0 });
    clock.nowMs += 1;
    expect(await admit()).toMatchObject({ called: 1 });
    expect(await join(a)).toMatchObject({ reply: 'WAITING', place: 3 });
  });

  it('does not get a new place by only asking', async () => {
    const { join, ask, leave } = await setup();
    const [a = ''] = people(1);
    expect(await ask(a)).toEqual({ reply: 'NO_PLACE' });
    await join(a);
    expect(await ask(a)).toMatchObject({ reply: 'WAITING', place: 1 });
    await leave(a);
    expect(await ask(a)).toEqual({ reply: 'NO_PLACE' });
  });
});

describe('lanes', () => {
  it('move by their weights, and none of them starves', async () => {
    const { join, admit } = await setup({ lanes: GOLD, admission: { perSecond: 1_000, maxActive: 1_000 } });
    const [main, gold] = [people(40), people(40)];
    for (const shopper of main) await join(shopper);
    for (const shopper of gold) await join(shopper, 'eu', 'gold');
    expect(await admit(40)).toMatchObject({ called: 40, lanes: ['main', 'gold'], heads: [10, 30], waits: [30, 10] });
    expect(await admit(60)).toMatchObject({ called: 20, heads: [20, 40] });
    expect(await admit(80)).toMatchObject({ called: 20, heads: [40, 40] });
  });

  it('do not save up turns while they are empty', async () => {
    const { join, admit } = await setup({ lanes: GOLD });
    for (const shopper of people(40)) await join(shopper);
    await admit(20);
    const late = people(9);
    for (const shopper of late) await join(shopper, 'eu', 'gold');
    expect(await admit(28)).toMatchObject({ called: 8, heads: [22, 6] });
    const answer = await join(newId(), 'eu', 'main');
    expect(answer).toMatchObject({ reply: 'WAITING', place: 41, ahead: 21 });
    // Others of the faster lane may still come in between.
    expect(answer.reply === 'WAITING' && answer.most).toBeGreaterThan(70);
  });
});

describe('a lottery', () => {
  const lottery = {
    mode: 'lottery',
    startsAt: NOW + 1_000,
    lobbyOpensAt: NOW - 1_000,
    commit: 'a'.repeat(64),
  } as const;

  it('has entrants and no places before its draw, and calls nobody', async () => {
    const { join, admit, clock, draw, drop } = await setup(lottery);
    const [a = '', b = '', late = ''] = people(3);
    expect(await join(a)).toEqual({ reply: 'ENTERED', lane: 'main', region: 'eu', entrants: 1 });
    expect(await join(b, 'asia')).toMatchObject({ reply: 'ENTERED', region: 'asia', entrants: 2 });
    expect(await join(a)).toMatchObject({ reply: 'ENTERED', entrants: 2 });
    clock.nowMs = lottery.startsAt;
    expect(await join(late)).toMatchObject({ reply: 'WAITING', place: 3 });
    expect(await join(a)).toMatchObject({ reply: 'ENTERED' });
    expect(await admit()).toMatchObject({ called: 0, draw: 'closed', entrants: 2 });

    expect(await draw.entrants(drop.id, 0, 10)).toHaveLength(2);
    await draw.place(drop.id, [
      { shopperId: b, place: 1 },
      { shopperId: a, place: 2 },
    ]);
    await draw.open(drop.id);
    expect(await join(b)).toMatchObject({ reply: 'WAITING', place: 1, ahead: 0 });
    expect(await join(a)).toMatchObject({ reply: 'WAITING', place: 2, ahead: 1 });
    expect(await join(late)).toMatchObject({ reply: 'WAITING', place: 3, ahead: 2 });
    expect(await admit(2)).toMatchObject({ called: 2, draw: 'done', heads: [2], waits: [1] });
  });

  it('knows who left the lobby, and who came back to it', async () => {
    const { join, leave, clock, draw, drop } = await setup(lottery);
    const [a = '', b = ''] = people(2);
    for (const shopper of [a, b]) await join(shopper);
    for (const shopper of [a, b]) await leave(shopper);
    expect(await join(b)).toMatchObject({ reply: 'ENTERED', entrants: 2 });
    clock.nowMs = lottery.startsAt;
    await draw.close(drop.id, clock.nowMs);
    await draw.place(drop.id, [
      { shopperId: a, place: 1 },
      { shopperId: b, place: 2 },
    ]);
    await draw.open(drop.id);
    expect(await join(b)).toMatchObject({ reply: 'WAITING', place: 2, ahead: 0 });
    expect(await join(a)).toMatchObject({ reply: 'WAITING', place: 3, ahead: 1 });
  });
});
