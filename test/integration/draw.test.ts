/** 100,000 entrants, drawn, and recomputed by the command that reads what everybody can read. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commitOf } from '../../contracts/draw/algorithm.ts';
import { entrantIdOf } from '../../contracts/draw/entrant.ts';
import { createIdSource } from '../../contracts/ids.ts';
import { systemClock } from '../../platform/clock.ts';
import { createAccessTokens } from '../../platform/tokens/access-token.ts';
import { createComputation } from '../../queue-workers/draw/computation.ts';
import { type Drawn, drawDrop } from '../../queue-workers/draw/draw-drop.ts';
import { createDraw } from '../../reservation-core/draw.ts';
import { createStore } from '../../store-api/app.ts';
import type { StoreApp } from '../../store-api/services.ts';
import { publishLottery } from '../db/publish-lottery.ts';
import { newId } from '../fixtures/drop.ts';
import { silentLog, useShards } from '../fixtures/shards.ts';
import { useDatabase } from '../servers/database.ts';
import { useRedis } from '../servers/redis.ts';
import { useRedisConnection } from '../servers/redis-connection.ts';

const ENTRANTS = 100_000;
const COMMAND = join(import.meta.dirname, '../../scripts/fairness/main.ts');
const redis = useRedis();
const database = useDatabase();
const home = useRedisConnection();
const core = useShards(redis);
const seed = randomBytes(32);
const shopper = { ticket: 'the ticket of one of them', id: newId() };
let store: StoreApp;
let url = '';
let dropId = '';
let folder = '';

const BATCH = 5_000;

/** A lottery whose lobby is over, with its entrants as the line writes them down. */
async function lotteryOf(count: number): Promise<string> {
  const { id } = await publishLottery({ core, database: database.pool, seed, startsInMs: -1, iterations: 100_000 });
  const { redis: home } = core.shards.home;
  const at = core.keys.line(id);
  for (let from = 0; from < count; from += BATCH) {
    const entrants = Array.from({ length: Math.min(BATCH, count - from) }, (_, row) =>
      from + row === 777
        ? { shopperId: shopper.id, entrantId: entrantIdOf(shopper.ticket) }
        : { shopperId: newId(), entrantId: randomBytes(16).toString('hex') },
    );
    const records = entrants.map((one, row) => `${one.entrantId}|${row % 10 === 0 ? 'gold' : 'main'}|${one.shopperId}`);
    await home.rpush(at.entrants, ...records.map((record) => `${record}|${randomBytes(9).toString('base64')}|\u2028`));
    await home.hset(at.places, ...entrants.flatMap(({ shopperId }) => [shopperId, 'lobby|main|eu']));
  }
  return id;
}

async function drawNow(id: string): Promise<Drawn> {
  const draw = createDraw(core);
  const computation = createComputation();
  try {
    const closed = await draw.close(id, Date.now());
    if (closed.reply !== 'CLOSED') throw new Error(`the lobby is ${closed.reply}`);
    const options = { draw, database: database.pool, computation, step: () => undefined };
    return await drawDrop(options, id, closed.entrants, new AbortController().signal);
  } finally {
    await computation.close();
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dropgate-draw-'));
  dropId = await lotteryOf(ENTRANTS);
  store = await createStore({
    providers: { byName: () => undefined },
    database: database.pool,
    redis: home.redis,
    redisPrefix: home.redisPrefix,
    accessTokens: createAccessTokens({ secret: 'a secret of at least 32 characters', clock: systemClock }),
    nextId: createIdSource(systemClock),
    clock: systemClock,
    readiness: async () => ({ ready: true, checks: [] }),
    log: silentLog,
  });
  url = await store.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

function fairness(...args: string[]): Promise<{ code: number; output: string }> {
  return fairnessOf(dropId, ...args);
}

function fairnessOf(id: string, ...args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [COMMAND, '--drop', id, '--url', url, ...args], (_, out, err) =>
      resolve({ code: child.exitCode ?? -1, output: `${out}${err}` }),
    );
  });
}

describe('the command that recomputes a draw', () => {
  it('has nothing to recompute before the draw, but shows the commit', async () => {
    const before = await fairness();
    expect(before.code).toBe(1);
    expect(before.output).toContain(commitOf(seed));
    expect(before.output).not.toContain(seed.toString('hex'));
  });

  it('finds every place as it was given, from public data alone, and a thousand proofs', {
    timeout: 90_000,
  }, async () => {
    const drawn = await drawNow(dropId);
    expect(drawn).toMatchObject({ entrants: ENTRANTS, placed: ENTRANTS });

    const entrant = entrantIdOf(shopper.ticket);
    const noted = ['--commit', commitOf(seed), '--root', drawn.root];
    const { code, output } = await fairness('--sample', '1000', '--entrant', entrant, ...noted);
    expect(output).toMatch(/ok +places +100000 of 100000/);
    expect(output).toMatch(/ok +proofs +1000 of 1000/);
    expect(output).not.toContain('DIFFERS');
    expect(code).toBe(0);
    // The line has given the shopper the place that the public list says.
    const record = await core.shards.home.redis.hget(core.keys.line(dropId).places, shopper.id);
    expect(output).toMatch(new RegExp(`ok +entrant ${entrant} +place ${record?.split('|')[0]} of lane`));
  });

  it('notices one other nonce, one place that was swapped, somebody who is missing, another commit', async () => {
    const id = await lotteryOf(1_000);
    await drawNow(id);
    const list = await (await fetch(`${url}/api/v1/drops/${id}/fairness/entrants`)).text();
    const lines = list.trimEnd().split('\n');
    const file = join(folder, 'list.ndjson');
    const withList = async (changed: readonly string[]) => {
      await writeFile(file, `${changed.join('\n')}\n`);
      return await fairnessOf(id, '--file', file, '--sample', '0');
    };
    expect((await withList(lines)).code).toBe(0);

    const other = (at: number, change: object) =>
      lines.with(at, JSON.stringify({ ...JSON.parse(lines[at] ?? ''), ...change }));
    const nonce = await withList(other(5, { nonce: 'ground' }));
    expect(nonce.code).toBe(1);
    expect(nonce.output).toMatch(/DIFFERS +root /);
    const place = await withList(other(5, { place: 1 }));
    expect(place.output).toMatch(/ok +root /);
    expect(place.output).toMatch(/DIFFERS +places +999 of 1000/);
    const missing = await withList(lines.toSpliced(5, 1));
    expect(missing.output).toMatch(/DIFFERS +entrants/);
    const commit = await fairnessOf(id, '--file', file, '--sample', '0', '--commit', '0'.repeat(64));
    expect(commit.output).toMatch(/DIFFERS +commit noted before/);
  });

  it('says how it is used', async () => {
    expect((await fairness('--help')).output).toContain('npm run fairness -- --drop ID');
    expect((await fairness('--sample', 'many')).code).toBe(64);
    expect((await fairness('--entrant', 'xyz')).code).toBe(64);
    expect((await fairness('--url', 'http://127.0.0.1:1')).code).toBe(1);
  });
});
