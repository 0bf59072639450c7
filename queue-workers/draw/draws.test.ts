import { createHash } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { decodeChunk } from '../../contracts/draw/chunk.ts';
import { entrantIdOf } from '../../contracts/draw/entrant.ts';
import { findDrawChunks } from '../../db/queries/find-draw-chunk.ts';
import { findFairness } from '../../db/queries/find-fairness.ts';
import { systemClock } from '../../platform/clock.ts';
import { createDraw, type Draw } from '../../reservation-core/draw.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import { publishLottery } from '../../test/db/publish-lottery.ts';
import { liveDrop, newId } from '../../test/fixtures/drop.ts';
import { silentLog, useShards } from '../../test/fixtures/shards.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { eventually } from '../../test/servers/eventually.ts';
import { useRedis } from '../../test/servers/redis.ts';
import { createLeadership } from '../leadership.ts';
import type { Repeated } from '../repeat.ts';
import { createComputation } from './computation.ts';
import type { Drawn } from './draw-drop.ts';
import { startDraws } from './draws.ts';

const redis = useRedis();
const database = useDatabase();
const core = useShards(redis);
const withinMs = 15_000;
const seed = Buffer.alloc(32, 7);
const started: Repeated[] = [];

afterEach(async () => {
  for (const draws of started.splice(0)) await draws.stop();
});

function start(changes: Partial<Draw> = {}) {
  const { shards, keys } = core;
  const seen: { drawn: Drawn[]; failed: number } = { drawn: [], failed: 0 };
  const leadership = createLeadership({
    redis: shards.home.redis,
    key: keys.drawLeader,
    lockMs: 1_000,
    onLost: () => undefined,
  });
  const draws = startDraws({
    leadership,
    drops: createDrops({ shards, keys }),
    draw: { ...createDraw({ shards, keys }), ...changes },
    database: database.pool,
    computation: createComputation(),
    clock: systemClock,
    log: silentLog,
    step: () => undefined,
    metrics: {
      leads: () => undefined,
      drawn: (drawn) => seen.drawn.push(drawn),
      failed: () => {
        seen.failed += 1;
      },
    },
    everyMs: 20,
    retryMs: 20,
  });
  started.push(draws);
  return { seen, draws };
}

interface Entrant {
  readonly shopperId: string;
  readonly entrantId: string;
  readonly lane: string;
}

/** As the line does it when a shopper joins in the lobby. */
async function enter(dropId: string, count: number): Promise<Entrant[]> {
  const at = core.keys.line(dropId);
  const entrants = Array.from({ length: count }, (_, index) => ({
    shopperId: newId(),
    entrantId: entrantIdOf(`ticket ${dropId} ${index}`),
    lane: index % 4 === 0 ? 'gold' : 'main',
  }));
  const pipeline = core.shards.home.redis.pipeline();
  for (const { shopperId, entrantId, lane } of entrants) {
    pipeline.rpush(at.entrants, `${entrantId}|${lane}|${shopperId}|a|nonce ${shopperId}`);
    pipeline.hincrby(at.line, `entrants:${lane}`, 1);
    pipeline.hset(at.places, shopperId, `lobby|${lane}|eu|more|of it`);
  }
  await pipeline.exec();
  return entrants;
}

async function placesOf(dropId: string, entrants: readonly Entrant[]): Promise<(string | null)[]> {
  return await core.shards.home.redis.hmget(
    core.keys.line(dropId).places,
    ...entrants.map(({ shopperId }) => shopperId),
  );
}

async function publicPlaces(dropId: string): Promise<Map<string, number>> {
  const places = new Map<string, number>();
  for (const { data } of await findDrawChunks(database.pool, dropId, { from: 0, count: 100 })) {
    for (const { id, place } of decodeChunk(data)) places.set(Buffer.from(id).toString('hex'), place);
  }
  return places;
}

describe('the draw of a lottery', () => {
  let dropId = '';
  let entrants: Entrant[] = [];
  beforeAll(async () => {
    dropId = (await publishLottery({ core, database: database.pool, seed, startsInMs: -1_000 })).id;
    entrants = await enter(dropId, 3_000);
    const [gone] = entrants;
    await core.shards.home.redis.hset(core.keys.line(dropId).places, gone?.shopperId ?? '', '0|gold|eu|more|of it');
    const { seen } = start();
    await eventually(() => seen.drawn.length === 1, { withinMs });
    expect(seen.drawn[0]).toMatchObject({ entrants: 3_000, placed: 2_999, left: 1, unknown: 0, duplicates: 0 });
    expect(seen.failed).toBe(0);
  });

  it('gives each entrant one place of their lane, and keeps the rest of what the line knows', async () => {
    const places = await placesOf(dropId, entrants);
    for (const lane of ['gold', 'main']) {
      const all = places.filter((_, at) => entrants[at]?.lane === lane).map((record) => Number(record?.split('|')[0]));
      const expected = all.map((_, at) => at + 1);
      const sorted = all.toSorted((one, two) => one - two);
      // One in the gold lane has left: their place stays empty.
      if (lane === 'main') expect(sorted).toEqual(expected);
      else expect(new Set(sorted).size).toBe(750);
    }
    expect(places[0]).toBe('0|gold|eu|more|of it');
    expect(places.every((record) => record?.endsWith('|eu|more|of it') === true)).toBe(true);
  });

  it('orders the waiting by place over the weight of their lane', async () => {
    const { redis: home } = core.shards.home;
    const at = core.keys.line(dropId);
    expect(await home.zcard(at.waiting)).toBe(2_999);
    expect(await home.zscore(at.waiting, entrants[0]?.shopperId ?? '')).toBeNull();
    const [one, two] = [entrants[4], entrants[5]];
    const [gold, main] = await placesOf(dropId, entrants.slice(4, 6));
    expect(Number(await home.zscore(at.waiting, one?.shopperId ?? ''))).toBeCloseTo(Number(gold?.split('|')[0]) / 3, 9);
    expect(await home.zscore(at.waiting, two?.shopperId ?? '')).toBe(main?.split('|')[0]);
    const counts = await home.hmget(at.line, 'draw', 'tail:gold', 'tail:main', 'waiting:gold', 'waiting:main');
    expect(counts).toEqual(['done', '750', '2250', '749', '2250']);
    expect(Number(await home.hget(at.line, 'turn:gold'))).toBeCloseTo(250, 9);
  });

  it('has written for everybody what the line was given', async () => {
    const fairness = await findFairness(database.pool, dropId);
    const told = await core.shards.home.redis.hget(core.keys.line(dropId).line, 'drawRoot');
    expect(fairness?.commit).toBe(createHash('sha256').update(seed).digest('hex'));
    expect(fairness?.closed?.drawn?.seed).toEqual(seed);
    expect(fairness?.closed?.root.toString('hex')).toBe(told);
    const published = await publicPlaces(dropId);
    expect(published.size).toBe(3_000);
    const places = await placesOf(dropId, entrants);
    for (const [at, { entrantId }] of entrants.entries()) {
      if (at > 0) expect(String(published.get(entrantId))).toBe(places[at]?.split('|')[0]);
    }
  });
});

describe('a draw', () => {
  it('waits for the end of the lobby, and is nothing for a drop without a lottery', async () => {
    const fifo = liveDrop(Date.now());
    await createDrops(core).publish(fifo);
    const late = await publishLottery({ core, database: database.pool, seed, startsInMs: 400 });
    const [one] = await enter(late.id, 1);
    const { seen } = start();
    await eventually(() => seen.drawn.length === 1, { withinMs });
    expect(Date.now()).toBeGreaterThanOrEqual(late.startsAt);
    expect(await placesOf(late.id, one === undefined ? [] : [one])).toEqual(['1|gold|eu|more|of it']);
    expect(await core.shards.home.redis.hget(core.keys.line(fifo.id).line, 'draw')).toBeNull();
  });

  it('of an empty lobby opens the line', async () => {
    const { id } = await publishLottery({ core, database: database.pool, seed, startsInMs: -1 });
    const { seen } = start();
    await eventually(() => seen.drawn.length === 1, { withinMs });
    expect(seen.drawn[0]).toMatchObject({ entrants: 0 });
    expect(await core.shards.home.redis.hget(core.keys.line(id).line, 'draw')).toBe('done');
  });

  it.each(['tellRoot', 'place', 'open'] as const)('that breaks off at %s is finished by the next one', async (step) => {
    const { id } = await publishLottery({ core, database: database.pool, seed, startsInMs: -1 });
    const entrants = await enter(id, 1_200);
    const real = createDraw(core);
    let calls = 0;
    // Half of the places are given, then nothing goes any more.
    const broken = start({
      [step]: (...given: Parameters<Draw[typeof step]>) => {
        calls += 1;
        if (step === 'place' && calls === 1) return Reflect.apply(real.place, undefined, given);
        throw new Error('the power is out');
      },
    });
    await eventually(() => broken.seen.failed > 0, { withinMs });
    await broken.draws.stop();
    const before = await placesOf(id, entrants);
    expect(await core.shards.home.redis.hget(core.keys.line(id).line, 'draw')).toBe('closed');

    const { seen } = start();
    await eventually(() => seen.drawn.length === 1, { withinMs });
    expect(seen.drawn[0]).toMatchObject({ entrants: 1_200, unknown: 0, left: 0 });
    const published = await publicPlaces(id);
    const after = await placesOf(id, entrants);
    expect(after.map((record) => Number(record?.split('|')[0]))).toEqual(
      entrants.map(({ entrantId }) => published.get(entrantId)),
    );
    for (const [at, record] of before.entries()) if (!record?.startsWith('lobby')) expect(after[at]).toBe(record);
  });

  it('does not go on with another list than the one whose root was told', async () => {
    const { id } = await publishLottery({ core, database: database.pool, seed, startsInMs: -1 });
    await enter(id, 10);
    const broken = start({
      tellRoot: () => {
        throw new Error('the power is out');
      },
    });
    await eventually(() => broken.seen.failed > 0, { withinMs });
    await broken.draws.stop();
    await core.shards.home.redis.rpush(core.keys.line(id).entrants, `${'0'.repeat(32)}|main|friend|ground`);
    const { seen } = start();
    await eventually(() => seen.failed > 0, { withinMs });
    expect(seen.drawn).toEqual([]);
    expect((await findFairness(database.pool, id))?.closed?.drawn).toBeNull();
    expect(await core.shards.home.redis.hget(core.keys.line(id).line, 'draw')).toBe('closed');
  });
});
