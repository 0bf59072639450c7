import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commitOf, drawKey } from '../../contracts/draw/algorithm.ts';
import { fromHex, toHex } from '../../contracts/draw/bytes.ts';
import { CHUNK_ENTRANTS, encodeChunk } from '../../contracts/draw/chunk.ts';
import { entrantIdOf } from '../../contracts/draw/entrant.ts';
import { createEntrantListBuilder } from '../../contracts/draw/entrant-list.ts';
import { entrantLeaves, placeLeaves } from '../../contracts/draw/leaves.ts';
import { chunkRoots, merkleRoot } from '../../contracts/draw/merkle.ts';
import { drawPlaces } from '../../contracts/draw/places.ts';
import { type DrawProof, proofProblems } from '../../contracts/draw/proof.ts';
import { createIdSource } from '../../contracts/ids.ts';
import { storeDraw } from '../../db/queries/store-draw.ts';
import { tellDrawRoot } from '../../db/queries/tell-draw-root.ts';
import { systemClock } from '../../platform/clock.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { createAccessTokens } from '../../platform/tokens/access-token.ts';
import { publishLottery } from '../../test/db/publish-lottery.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { silentLog } from '../../test/fixtures/shards.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { useRedisConnection } from '../../test/servers/redis-connection.ts';
import { createStore } from '../app.ts';
import type { StoreApp } from '../services.ts';

const database = useDatabase();
const home = useRedisConnection();
const seed = Buffer.alloc(32, 3);
const ENTRANTS = 2 * CHUNK_ENTRANTS + 5;
let store: StoreApp;
let dropId = '';

beforeAll(async () => {
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
  dropId = (await publishLottery({ database: database.pool, seed, startsInMs: 1_000 })).id;
});
afterAll(() => store.close());

const ids = Array.from({ length: ENTRANTS }, (_, at) => entrantIdOf(`ticket ${at}`)).sort();
const get = (path = '', of = dropId) => store.inject({ method: 'GET', url: `/api/v1/drops/${of}/fairness${path}` });

function drawn() {
  const builder = createEntrantListBuilder(ENTRANTS);
  // A line separator is no end of a line.
  for (const id of ids) builder.append(fromHex(id), 'main', Buffer.from(`nonce\u2028 of "${id}"`));
  const list = builder.finish();
  const root = merkleRoot(entrantLeaves(list));
  const places = drawPlaces(list, drawKey(seed, root, 1_000));
  return { list, root, places };
}

describe('the fairness of a drop', () => {
  it('is its commit as long as the lobby is open, and not its seed', async () => {
    const answer = await get();
    expect(answer.json()).toMatchObject({ state: 'committed', commit: commitOf(seed), iterations: 1_000 });
    expect(answer.json()).toMatchObject({ entrants: null, root: null, seed: null, placesRoot: null, drawnAt: null });
    expect(answer.body).not.toContain(seed.toString('hex'));
    expect((await get(`?entrant=${ids[0]}`)).json()).toMatchObject({ state: 'committed', proof: null });
    expect((await get('/entrants')).json()).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('then tells the root, and still not the seed', async () => {
    const { root } = drawn();
    const told = { dropId, commit: commitOf(seed), algorithm: 'dropgate-draw-v1', iterations: 1_000 };
    await tellDrawRoot(database.pool, { ...told, entrants: ENTRANTS, root });
    const answer = await get();
    expect(answer.json()).toMatchObject({ state: 'closed', entrants: ENTRANTS, root: toHex(root), seed: null });
    expect(answer.body).not.toContain(seed.toString('hex'));
    expect((await get(`?entrant=${ids[0]}`)).json()).toMatchObject({ state: 'closed', proof: null });
    expect((await get('/entrants')).statusCode).toBe(404);
  });

  it('after the draw proves each place, and lists all of them', async () => {
    const { list, root, places } = drawn();
    const placeRoots = chunkRoots(placeLeaves(list, places), CHUNK_ENTRANTS);
    const placesRoot = merkleRoot(placeRoots);
    const entrantRoots = chunkRoots(entrantLeaves(list), CHUNK_ENTRANTS);
    const chunks = [0, 1, 2].map((chunk) => encodeChunk(list, places, chunk));
    await withTransaction(database.pool, (client) =>
      storeDraw(client, {
        ...{ dropId, seed, entrantRoots, placeRoots, placesRoot },
        chunks: chunks.map((data) => ({ firstEntrant: data.subarray(0, 16), data })),
      }),
    );
    const told = { root: toHex(root), placesRoot: toHex(placesRoot), entrants: ENTRANTS };
    expect((await get()).json()).toMatchObject({ state: 'drawn', ...told, seed: seed.toString('hex') });
    for (const at of [0, CHUNK_ENTRANTS - 1, CHUNK_ENTRANTS, ENTRANTS - 1]) {
      const { proof }: { proof: DrawProof } = (await get(`?entrant=${ids[at]}`)).json();
      expect(proof).toMatchObject({ entrantId: ids[at], index: at, place: places[at] });
      expect(proofProblems(proof, told)).toEqual([]);
    }

    const whole = await get('/entrants');
    expect(whole.headers['content-type']).toBe('application/x-ndjson');
    const lines = whole.body.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      ids.map((entrantId, at) => ({
        ...{ entrantId, lane: 'main', nonce: `nonce\u2028 of "${entrantId}"`, place: places[at] },
      })),
    );
    const last = await get('/entrants?chunk=2');
    expect(last.body.trimEnd().split('\n')).toEqual(lines.slice(2 * CHUNK_ENTRANTS));
    expect((await get('/entrants?chunk=3')).body).toBe('');
  });

  it('is asked for in good form only, and of drops that have a draw', async () => {
    for (const path of ['?entrant=1', `?entrant=${'A'.repeat(32)}`, '/entrants?chunk=-1']) {
      expect((await get(path)).json()).toMatchObject({ code: 'INVALID', status: 400 });
    }
    expect((await get(`?entrant=${'0'.repeat(32)}`)).json()).toMatchObject({ code: 'NOT_FOUND' });
    expect((await get(`?entrant=${'f'.repeat(32)}`)).json()).toMatchObject({ code: 'NOT_FOUND' });
    expect((await get('', newId())).json()).toMatchObject({ code: 'NOT_FOUND' });
    expect((await get('/entrants', newId())).json()).toMatchObject({ code: 'NOT_FOUND' });
  });
});
