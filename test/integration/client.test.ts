import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { kindOf } from '../../contracts/client/frames.ts';
import { type LineClient, openLineClient } from '../../contracts/client/line-client.ts';
import { createMemory } from '../../contracts/client/memory.ts';
import type { LineClientOptions } from '../../contracts/client/options.ts';
import type { ClientState } from '../../contracts/client/state.ts';
import { CLOSE } from '../../contracts/close-codes.ts';
import type { DropDefinition } from '../../contracts/drop.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { createStock } from '../../reservation-core/stock.ts';
import { useEdges } from '../clients/edge-for-tests.ts';
import { faultySockets } from '../clients/faulty-socket.ts';
import { newId } from '../fixtures/drop.ts';
import { exampleClient } from '../fixtures/example-client.ts';
import { useRedis } from '../servers/redis.ts';

const SKU = 'SNEAKER-42';
const redis = useRedis();
const edges = useEdges(redis);
let edge: Awaited<ReturnType<typeof edges.start>>;
const clients: LineClient[] = [];

beforeAll(async () => {
  edge = await edges.start();
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

/** Comes back within milliseconds, so that a test of ten reconnects is a short one. */
const QUICK = { backoff: { minMs: 5, maxMs: 50 } };

function open(dropId: string, options: Partial<LineClientOptions> = {}): LineClient {
  const token = edges.guest();
  const client = openLineClient({
    ...{ urls: edge.url, dropId, region: 'eu', patience: QUICK },
    token: () => token,
    ...options,
  });
  clients.push(client);
  return client;
}

function statesOf(client: LineClient): ClientState['at'][] {
  const states: ClientState['at'][] = [];
  client.on('state', ({ at }) => states.push(at));
  return states;
}

async function heldUnits(drop: DropDefinition): Promise<number | undefined> {
  return (await createStock(edges.core).ledger(drop.id, 'eu')).get(SKU)?.held;
}

/** A drop where one is admitted and the next one waits at place 2. */
async function oneInFront(options: Partial<LineClientOptions> = {}) {
  const drop = await edges.publish({ admission: { perSecond: 100, maxActive: 1 } });
  const first = open(drop.id);
  await first.until('admitted');
  const second = open(drop.id, options);
  await second.until('waiting');
  return { drop, first, second };
}

describe('a client of the line', () => {
  it('goes from the address to a claim', async () => {
    const drop = await edges.publish();
    const client = open(drop.id);
    const states = statesOf(client);
    const claimed = await client.claim({ sku: SKU, qty: 2 });
    expect(claimed).toMatchObject({ t: 'claimed', sku: SKU, qty: 2, amount: 9_800 });
    expect(states).toEqual(['joining', 'waiting', 'admitted']);
    expect(client.drop?.title).toBe('Sneaker drop');
    expect(await client.claim({ sku: SKU, qty: 1 })).toMatchObject({ t: 'refused' });
  });

  it('shows its place, which another that leaves moves on', async () => {
    const { first, second } = await oneInFront();
    expect(second.view).toMatchObject({ state: 'live', lane: 'main', position: 2 });
    first.leave();
    expect(first.state.at).toBe('left');
    await second.until('admitted');
    first.rejoin();
    await first.until('waiting');
    expect(first.view).toMatchObject({ position: 3 });
  });

  it('finds its place again after a reload, as another guest', async () => {
    const memory = createMemory();
    const { drop, second } = await oneInFront({ memory });
    second.close();
    const reloaded = open(drop.id, { memory });
    await reloaded.until('waiting');
    expect(reloaded.view?.position).toBe(2);
  });

  it('gives a place up that it could not give up when it was asked to', async () => {
    const { drop, first, second } = await oneInFront();
    const third = open(drop.id);
    await third.until('waiting');
    edge.kill();
    await second.until('away');
    second.leave();
    edge = await edges.start(edge.port);
    await second.until('left');
    await first.until('admitted');
    first.leave();
    await third.until('admitted');
  });

  it('waits outside until the lobby opens', async () => {
    const drop = await edges.publish({ lobbyOpensAt: Date.now() + 400, startsAt: Date.now() + 3_600_000 });
    const client = open(drop.id);
    expect(await client.until('outside')).toMatchObject({ code: 'NOT_STARTED' });
    await client.until('waiting');
    expect(client.view).toMatchObject({ state: 'lobby' });
  });

  it('notices that its pass has run out, by the clock of the edge', async () => {
    const drop = await edges.publish({ passSeconds: 1 });
    const ahead = 3_600_000;
    const client = open(drop.id, { now: () => Date.now() + ahead });
    const { expiresAt } = await client.until('admitted');
    expect(Date.now()).toBeLessThan(expiresAt);
    await client.until('passed');
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt);
    client.rejoin();
    expect((await client.until('admitted')).expiresAt).toBeGreaterThan(expiresAt);
  });
});

describe('a client whose connection fails', () => {
  it('keeps its place when the edge dies and another starts', async () => {
    const { first, second } = await oneInFront();
    edge.kill();
    await second.until('away');
    edge = await edges.start(edge.port);
    await second.until('waiting');
    expect(second.view?.position).toBe(2);
    await first.until('admitted');
    first.leave();
    expect(await second.claim({ sku: SKU, qty: 1 })).toMatchObject({ t: 'claimed' });
  });

  it('gets one answer to a claim whose answers were lost, and buys once', async () => {
    const drop = await edges.publish();
    let lost = 0;
    const makeSocket = faultySockets((frame) => {
      if (kindOf(frame) !== 'claimed' || lost >= 3) return 'arrives';
      lost += 1;
      return 'cut';
    });
    const client = open(drop.id, { makeSocket });
    const answers = await Promise.all([1, 2].map(() => client.claim({ key: 'k', sku: SKU, qty: 1 })));
    expect(answers[0]).toMatchObject({ t: 'claimed', key: 'k' });
    expect(answers[1]).toEqual(answers[0]);
    expect([lost, makeSocket.made(), await heldUnits(drop)]).toEqual([3, 4, 1]);
  });

  it('asks again when the edge is silent about a claim', async () => {
    const drop = await edges.publish();
    let lost = 0;
    const makeSocket = faultySockets((frame) => (kindOf(frame) === 'claimed' && ++lost === 1 ? 'lost' : 'arrives'));
    const client = open(drop.id, { makeSocket, patience: { ...QUICK, claimSilenceMs: 50 } });
    expect(await client.claim({ sku: SKU, qty: 1 })).toMatchObject({ t: 'claimed' });
    expect([lost > 1, makeSocket.made(), await heldUnits(drop)]).toEqual([true, 1, 1]);
  });

  it('claims once while the edge is killed again and again', async () => {
    const drop = await edges.publish({ perShopperLimit: 6 });
    const client = open(drop.id);
    await client.until('admitted');
    const claims = Array.from({ length: 6 }, () => client.claim({ sku: SKU, qty: 1 }));
    for (let round = 0; round < 5; round += 1) {
      edge.kill();
      await client.until('away');
      edge = await edges.start(edge.port);
      await client.until('admitted');
    }
    const outcomes = await Promise.all(claims);
    expect(outcomes.map(({ t }) => t)).toEqual(claims.map(() => 'claimed'));
    expect(await heldUnits(drop)).toBe(6);
  });

  it('goes to another edge when one drains, and is not there meanwhile', async () => {
    const drop = await edges.publish();
    const [one, two] = await Promise.all([edges.start(), edges.start()]);
    const client = open(drop.id, { urls: [one.url, two.url], random: () => 0 });
    await client.until('admitted');
    const draining = one.edge.drain(50);
    expect(await client.until('away')).toMatchObject({ closeCode: CLOSE.DRAINING });
    await client.until('admitted');
    await draining;
    expect(await client.claim({ sku: SKU, qty: 1 })).toMatchObject({ t: 'claimed' });
  });

  it('notices a connection that died without a word', async () => {
    const drop = await edges.publish();
    let dead = false;
    const makeSocket = faultySockets(() => (dead ? 'lost' : 'arrives'));
    const patience = { ...QUICK, quietMs: 60, pongMs: 60 };
    const client = open(drop.id, { makeSocket, patience });
    await client.until('admitted');
    dead = true;
    await client.until('away');
    dead = false;
    await client.until('admitted');
  });

  it('gives up after so many failures, and says what is sure of its claims', async () => {
    const client = open(newId(), { urls: 'ws://127.0.0.1:1', patience: { ...QUICK, failures: 3 } });
    const claims = Array.from({ length: LIMITS.clientClaims + 1 }, () => client.claim({ sku: SKU, qty: 1 }));
    expect(await claims.at(-1)).toMatchObject({ t: 'unanswered', why: 'too many', sent: false });
    expect(await client.until('closed')).toMatchObject({ why: { by: 'failures' } });
    expect(await claims[0]).toMatchObject({ t: 'unanswered', why: 'closed', sent: false });
    await expect(client.until('waiting')).rejects.toThrow('closed');
    expect(await client.claim({ sku: SKU, qty: 1 })).toMatchObject({ why: 'closed', sent: false });
  });
});

describe('a client that is refused', () => {
  it('asks for a new token once, and stops when that is refused as well', async () => {
    const drop = await edges.publish();
    const asked: boolean[] = [];
    const good = await edges.guest();
    const client = open(drop.id, {
      async token({ renew }) {
        asked.push(renew);
        return renew ? good : 'a.b.c';
      },
    });
    await client.until('admitted');
    expect(asked).toEqual([false, true]);

    const refused = open(drop.id, { token: async () => 'a.b.c' });
    expect(await refused.until('closed')).toMatchObject({
      why: { by: 'edge', closeCode: CLOSE.UNAUTHENTICATED, code: 'UNAUTHENTICATED' },
    });
  });

  it.each([
    ['a drop that is not there', () => newId(), 'eu', CLOSE.DROP_NOT_FOUND],
    ['a region that is not there', () => newId(), 'mars', CLOSE.UNKNOWN_REGION],
  ])('%s: does not come back', async (_what, dropId, region, closeCode) => {
    const client = open(dropId(), { region });
    expect(await client.until('closed')).toMatchObject({ why: { by: 'edge', closeCode } });
  });

  it('does not stay for a drop that is over', async () => {
    const drop = await edges.publish({ state: 'ended' });
    expect(await open(drop.id).until('closed')).toMatchObject({ why: { by: 'refusal', code: 'ENDED' } });
  });

  it('tries again when no token is to be had', async () => {
    const drop = await edges.publish();
    const token = await edges.guest();
    const problems: string[] = [];
    let tries = 0;
    const client = open(drop.id, {
      async token() {
        tries += 1;
        if (tries < 3) throw new Error('the store does not answer');
        return token;
      },
    });
    client.on('problem', ({ what }) => problems.push(what));
    await client.until('admitted');
    expect(problems).toEqual(['the join could not be made', 'the join could not be made']);
  });
});

it('is used by the documents as it can be used', async () => {
  const skus = [{ sku: SKU, title: 'Sneaker 42', price: 4_900, allocation: { 'us-east': 3 } }];
  const drop = await edges.publish({ skus });
  const token = await edges.guest();
  const store = createServer(({ url }, response) => {
    response.end(JSON.stringify(url === '/api/v1/drops' ? { items: [drop] } : { accessToken: token }));
  }).listen(0, '127.0.0.1');
  await once(store, 'listening');
  const address = store.address();
  if (typeof address !== 'object' || address === null) throw new Error('the store listens nowhere');
  const code = exampleClient('docs/PROTOCOL.md', 1)
    .replaceAll('127.0.0.1:3000', `127.0.0.1:${address.port}`)
    .replaceAll('ws://127.0.0.1:8080', edge.url);
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code], {
    ...{ cwd: join(import.meta.dirname, '..', '..'), timeout: 15_000 },
  });
  store.close();
  expect(stdout).toMatch(
    /^joining\nwaiting\n0 ahead, \d+ to \d+ ms\n[\s\S]*admitted\n[\s\S]*t: 'claimed'[\s\S]*closed\n$/,
  );
});
