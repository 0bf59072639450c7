import { beforeAll, describe, expect, it } from 'vitest';
import { CLOSE } from '../contracts/close-codes.ts';
import type { DropDefinition } from '../contracts/drop.ts';
import { LIMITS } from '../contracts/limits.ts';
import { createDraw } from '../reservation-core/draw.ts';
import { createStock } from '../reservation-core/stock.ts';
import { useEdges } from '../test/clients/edge-for-tests.ts';
import { openLine } from '../test/clients/line-client.ts';
import { newId } from '../test/fixtures/drop.ts';
import { useRedis } from '../test/servers/redis.ts';
import type { Edge } from './edge.ts';

const SKU = 'SNEAKER-42';
const redis = useRedis();
const edges = useEdges(redis);
const { core, guest, publish } = edges;

let edge: Edge;
let url = '';

beforeAll(async () => {
  ({ edge, url } = await edges.start());
});

async function admittedAt(drop: DropDefinition, region = 'eu') {
  const line = await openLine(url, drop.id, region);
  line.send({ t: 'join', token: await guest(), nonce: 'n' });
  await line.next('admitted');
  return line;
}

describe('a shopper', () => {
  it('is welcomed, takes a place, is admitted and claims', async () => {
    const drop = await publish();
    const line = await openLine(url, drop.id, 'eu');
    expect((await line.next('welcome')).drop).toMatchObject({
      id: drop.id,
      state: 'live',
      skus: [{ sku: SKU, price: 4_900 }],
    });
    line.send({ t: 'join', token: await guest(), nonce: 'n' });
    expect(await line.next('ticket')).toMatchObject({ lane: 'main', position: 1 });
    expect(await line.next('line')).toMatchObject({ state: 'live', ahead: 0, odds: 1, stock: 10 });
    expect((await line.next('admitted')).expiresAt).toBeGreaterThan(Date.now());
    line.send({ t: 'claim', key: 'k', sku: SKU, qty: 2 });
    const claimed = await line.next('claimed');
    expect(claimed).toMatchObject({ key: 'k', sku: SKU, qty: 2, amount: 9_800, currency: 'EUR' });
    expect(claimed.holdUntil).toBeGreaterThan(Date.now());
    line.send({ t: 'claim', key: 'k', sku: SKU, qty: 2 });
    expect(await line.next('claimed')).toEqual(claimed);
    line.send({ t: 'claim', key: 'k', sku: SKU, qty: 1 });
    expect(await line.next('refused')).toMatchObject({ key: 'k', code: 'KEY_REUSED' });
    line.send({ t: 'claim', key: 'k2', sku: SKU, qty: 1 });
    expect(await line.next('refused')).toMatchObject({ key: 'k2', code: 'LIMIT_REACHED' });
    line.send({ t: 'claim', key: 'k3', sku: 'OTHER', qty: 1 });
    expect(await line.next('refused')).toMatchObject({ key: 'k3', code: 'UNKNOWN_SKU' });
    await line.close();
  });

  it('says how to pay, and the event of the claim says it too', async () => {
    const drop = await publish();
    const line = await admittedAt(drop);
    const payment = newId();
    line.send({ t: 'claim', key: 'k', sku: SKU, qty: 1, payment });
    const claimed = await line.next('claimed');
    // How it is paid is no content: the first answer, and no second event.
    line.send({ t: 'claim', key: 'k', sku: SKU, qty: 1 });
    expect(await line.next('claimed')).toEqual(claimed);
    const entries = await core.shards.home.redis.xrange(core.keys.stock(drop.id, 'eu').outbox, '-', '+');
    expect(entries.map(([, fields]) => fields[1]?.split('|').at(-1))).toEqual([payment]);
    await line.close();
  });

  it('is told where stock is left when it is gone here', async () => {
    const drop = await publish({ perShopperLimit: 10 });
    const [first, second] = await Promise.all([admittedAt(drop), admittedAt(drop)]);
    first.send({ t: 'claim', key: 'all', sku: SKU, qty: 6 });
    await first.next('claimed');
    second.send({ t: 'claim', key: 'k', sku: SKU, qty: 1 });
    expect(await second.next('refused')).toMatchObject({ code: 'SOLD_OUT', key: 'k' });
    expect(await second.next('sold-out')).toEqual({ t: 'sold-out', sku: SKU, region: 'eu', anywhere: false });
    await Promise.all([first.close(), second.close()]);
  });

  it('keeps the place with a second tab, and with the ticket after a reload as another guest', async () => {
    const drop = await publish({ startsAt: Date.now() + 3_600_000, endsAt: Date.now() + 7_200_000 });
    const token = await guest();
    const [one, two, three] = await Promise.all([1, 2, 3].map(() => openLine(url, drop.id, 'eu')));
    if (one === undefined || two === undefined || three === undefined) throw new Error('three sockets');
    one.send({ t: 'join', token, nonce: 'a' });
    const place = await one.next('ticket');
    two.send({ t: 'join', token, nonce: 'b' });
    expect(await two.next('ticket')).toMatchObject({ position: place.position });
    three.send({ t: 'join', token: await guest(), nonce: 'c', ticket: place.ticket });
    expect(await three.next('ticket')).toMatchObject({ position: place.position });
    expect(await three.next('line')).toMatchObject({ state: 'lobby', ahead: 0 });
    three.send({ t: 'claim', key: 'k', sku: SKU, qty: 1 });
    expect(await three.next('refused')).toMatchObject({ code: 'NOT_ADMITTED', key: 'k' });
    await Promise.all([one.close(), two.close(), three.close()]);
  });

  it('sees the head move, is admitted within the caps, and makes room by leaving', async () => {
    const drop = await publish({ admission: { perSecond: 100, maxActive: 1 } });
    const first = await admittedAt(drop);
    const second = await openLine(url, drop.id, 'eu');
    second.send({ t: 'join', token: await guest(), nonce: 'n' });
    const { position } = await second.next('ticket');
    expect(position).toBe(2);
    expect(await second.next('head')).toMatchObject({ state: 'live', lanes: { main: { head: 1, waiting: 1 } } });
    first.send({ t: 'leave' });
    await second.next('admitted');
    expect(await second.next('head', ({ lanes }) => lanes['main']?.head === 2)).toMatchObject({
      lanes: { main: { waiting: 0 } },
    });
    await Promise.all([first.close(), second.close()]);
  });

  it('cannot claim with a pass that it left in the middle of joining again', async () => {
    const drop = await publish({ admission: { perSecond: 100, maxActive: 1 } });
    const token = await guest();
    const line = await openLine(url, drop.id, 'eu');
    line.send({ t: 'join', token, nonce: 'n' });
    const { pass } = await line.next('admitted');
    line.send({ t: 'join', token, nonce: 'n' });
    line.send({ t: 'leave' });
    const next = await openLine(url, drop.id, 'eu');
    next.send({ t: 'join', token: await guest(), nonce: 'n' });
    await next.next('admitted');
    const claimed = await fetch(`${url.replace('ws:', 'http:')}/v1/drops/${drop.id}/claims`, {
      method: 'POST',
      headers: { authorization: `Bearer ${pass}`, 'idempotency-key': 'k' },
      body: JSON.stringify({ sku: SKU, qty: 1 }),
    });
    expect(await claimed.json()).toMatchObject({ code: 'PASS_VOID' });
    await Promise.all([line.close(), next.close()]);
  });

  it('may speak before the welcome', async () => {
    const drop = await publish();
    const line = await openLine(url, drop.id, 'eu');
    line.send({ t: 'join', token: await guest(), nonce: 'n' });
    line.send({ t: 'ping' });
    await line.next('admitted');
    await line.next('pong');
    expect(line.received[0]?.t).toBe('welcome');
    await line.close();
  });
});

describe('a lottery', () => {
  it('gives everybody in the lobby a place by its draw, and calls them in that order', async () => {
    const startsAt = Date.now() + 400;
    const drop = await publish({
      ...{ mode: 'lottery', commit: 'a'.repeat(64), startsAt, admission: { perSecond: 1_000, maxActive: 1 } },
    });
    const lines = await Promise.all([1, 2, 3].map(() => openLine(url, drop.id, 'eu')));
    const tickets = await Promise.all(
      lines.map(async (line) => {
        line.send({ t: 'join', token: await guest(), nonce: 'n' });
        return await line.next('ticket');
      }),
    );
    expect(tickets.map(({ position }) => position)).toEqual([undefined, undefined, undefined]);
    await lines[0]?.next('head', ({ state }) => state === 'drawing');

    // As queue-workers/draw does it, with an order of our own: the last one who joined comes first.
    const draw = createDraw(core);
    await draw.close(drop.id, Date.now());
    const entrants = (await draw.entrants(drop.id, 0, 10)).map((record) => String(record).split('|'));
    expect(new Set(entrants.map(([id]) => id))).toEqual(new Set(tickets.map(({ entrant }) => entrant)));
    const shopperOf = new Map(entrants.map(([id, , shopperId = '']) => [id, shopperId]));
    const order = tickets.toReversed().map(({ entrant }) => shopperOf.get(entrant) ?? '');
    await draw.tellRoot(drop.id, 'b'.repeat(64));
    await draw.place(
      drop.id,
      order.map((shopperId, at) => ({ shopperId, place: at + 1 })),
    );
    await draw.open(drop.id);

    const places = await Promise.all(
      lines.map((line) => line.next('ticket', ({ position }) => position !== undefined)),
    );
    expect(places.map(({ position }) => position)).toEqual([3, 2, 1]);
    for (const line of lines.toReversed()) {
      await line.next('admitted');
      line.send({ t: 'leave' });
    }
    expect(await lines[0]?.next('head', ({ drawRoot }) => drawRoot === 'b'.repeat(64))).toBeDefined();
    await Promise.all(lines.map((line) => line.close()));
  });
});

describe('what is refused', () => {
  it.each([
    ['a drop that is not there', () => newId(), 'eu', CLOSE.DROP_NOT_FOUND],
    ['what is no drop id', () => 'x', 'eu', CLOSE.DROP_NOT_FOUND],
    ['a region that is not there', () => newId(), 'mars', CLOSE.UNKNOWN_REGION],
  ])('%s', async (_what, dropId, region, code) => {
    const line = await openLine(url, dropId(), region);
    expect(await line.closed).toBe(code);
    expect(line.received).toMatchObject([{ t: 'refused' }]);
  });

  it.each([
    ['no JSON', '{', CLOSE.BAD_MESSAGE],
    ['binary', Uint8Array.of(1, 2, 3), CLOSE.BAD_MESSAGE],
    ['too large', 'x'.repeat(LIMITS.socketFrameBytes + 1), CLOSE.TOO_LARGE],
    ['a forged token', '{"t":"join","token":"a.b.c","nonce":"n"}', CLOSE.UNAUTHENTICATED],
  ])('a frame that is %s', async (_what, data, code) => {
    const drop = await publish();
    const line = await openLine(url, drop.id, 'eu');
    await line.next('welcome');
    line.sendRaw(data);
    expect(await line.closed).toBe(code);
  });

  it('more claims at once than one socket may have', async () => {
    const drop = await publish();
    const line = await admittedAt(drop);
    for (let at = 0; at <= LIMITS.claimsPerSocket; at += 1) line.send({ t: 'claim', key: `k${at}`, sku: SKU, qty: 1 });
    expect(await line.next('refused', ({ code }) => code === 'RATE_LIMITED')).toMatchObject({
      key: `k${LIMITS.claimsPerSocket}`,
    });
    await line.close();
  });
});

describe('the edge', () => {
  it('describes a drop over HTTP and says 404 for what is not there', async () => {
    const drop = await publish();
    const http = url.replace('ws:', 'http:');
    expect(await (await fetch(`${http}/v1/drops/${drop.id}`)).json()).toEqual(drop);
    expect((await fetch(`${http}/v1/drops/${newId()}`)).status).toBe(404);
    expect((await fetch(`${http}/nothing`)).status).toBe(404);
    expect((await fetch(`${http}/health`)).status).toBe(200);
  });

  it('sells no more than there is to a crowd, and tells those whose turn did not come that it is gone', async () => {
    const drop = await publish({ perShopperLimit: 1 });
    const crowd = await Promise.all(
      Array.from({ length: 40 }, async (_, at) => {
        const line = await openLine(url, drop.id, at % 2 === 0 ? 'eu' : 'asia');
        line.send({ t: 'join', token: await guest(), nonce: 'n' });
        return line;
      }),
    );
    const ends = await Promise.all(
      crowd.map(async (line) => {
        const gone = line.next('head', ({ state }) => state === 'sold-out').then(() => 'gone' as const);
        const turn = await Promise.race([line.next('admitted').then(() => 'admitted' as const), gone]);
        if (turn === 'gone') return turn;
        line.send({ t: 'claim', key: 'k', sku: SKU, qty: 1 });
        return (await Promise.race([line.next('claimed'), line.next('refused')])).t;
      }),
    );
    expect(ends.filter((end) => end === 'claimed')).toHaveLength(10);
    expect(ends.filter((end) => end === 'gone').length).toBeGreaterThan(10);
    const ledger = await createStock(core).ledger(drop.id, 'eu');
    expect(ledger.get(SKU)).toMatchObject({ available: 0, held: 6 });
    await Promise.all(crowd.map((line) => line.close()));
  });

  it('sends everybody elsewhere when it drains', async () => {
    const drop = await publish();
    const line = await admittedAt(drop);
    const draining = edge.drain(50);
    expect(await line.closed).toBe(CLOSE.DRAINING);
    await draining;
    await expect(openLine(url, drop.id, 'eu')).rejects.toThrow('did not open');
  });
});
