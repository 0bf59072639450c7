import { beforeAll, describe, expect, it } from 'vitest';
import type { DropDefinition } from '../../contracts/drop.ts';
import { createHolds } from '../../reservation-core/holds.ts';
import { createStock } from '../../reservation-core/stock.ts';
import { useEdges } from '../../test/clients/edge-for-tests.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { eventually } from '../../test/servers/eventually.ts';
import { useRedis } from '../../test/servers/redis.ts';

const SOON = { withinMs: 10_000 };
const SKU = 'SNEAKER-42';
const redis = useRedis();
const edges = useEdges(redis);
const { core, guest } = edges;

let url = '';

beforeAll(async () => {
  url = (await edges.start()).url.replace('ws:', 'http:');
});

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function ask(method: string, path: string, given: { token?: string; key?: string; body?: unknown } = {}) {
  const { token, key, body } = given;
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer: Answer = { status: response.status, body: text === '' ? {} : JSON.parse(text) };
  return answer;
}

async function publish(changes: Partial<DropDefinition> = {}): Promise<string> {
  return `/v1/drops/${(await edges.publish(changes)).id}`;
}

async function admitted(drop: string, region = 'eu'): Promise<{ ticket: string; pass: string }> {
  const taken = await ask('POST', `${drop}/tickets`, { token: await guest(), body: { nonce: 'n', region } });
  const ticket = String(taken.body['ticket']);
  const { body } = await eventually(async () => {
    const now = await ask('GET', `${drop}/tickets/${ticket}`);
    return now.body['pass'] === undefined ? false : now;
  }, SOON);
  return { ticket, pass: String(body['pass']) };
}

describe('a shopper without a WebSocket', () => {
  it('takes a place, is called although no socket is there, claims, and gets the same answer to the same key', async () => {
    const drop = await publish();
    const { ticket, pass } = await admitted(drop);
    const payment = newId();
    const claim = { token: pass, key: 'k1', body: { sku: SKU, qty: 1, payment } };
    const won = await ask('POST', `${drop}/claims`, claim);
    expect(won).toMatchObject({ status: 201, body: { key: 'k1', sku: SKU, qty: 1, amount: 4_900, currency: 'EUR' } });
    expect(await ask('POST', `${drop}/claims`, claim)).toEqual(won);
    const [entry] = await core.shards.home.redis.xrange(core.keys.stock(drop.slice(10), 'eu').outbox, '-', '+');
    expect(entry?.[1][1]).toMatch(new RegExp(`\\|${payment}$`));
    const wrong = await ask('POST', `${drop}/claims`, { ...claim, body: { ...claim.body, payment: 'my card' } });
    expect(wrong).toMatchObject({ status: 400, body: { code: 'INVALID' } });
    const other = await ask('POST', `${drop}/claims`, { ...claim, body: { sku: SKU, qty: 2 } });
    expect(other).toMatchObject({ status: 422, body: { code: 'KEY_REUSED' } });

    expect((await ask('DELETE', `${drop}/tickets/${ticket}`)).status).toBe(204);
    expect(await ask('GET', `${drop}/tickets/${ticket}`)).toMatchObject({ status: 409, body: { code: 'PLACE_LOST' } });
    // What was given up claims nothing more; what it had claimed can still be asked for.
    expect(await ask('POST', `${drop}/claims`, { ...claim, key: 'k2' })).toMatchObject({ body: { code: 'PASS_VOID' } });
    expect(await ask('POST', `${drop}/claims`, claim)).toEqual(won);
  });

  it('sees their place before the start, and keeps it', async () => {
    const drop = await publish({ startsAt: Date.now() + 3_600_000, endsAt: Date.now() + 7_200_000 });
    const token = await guest();
    const first = await ask('POST', `${drop}/tickets`, { token, body: { nonce: 'n', region: 'eu' } });
    expect(first).toMatchObject({ status: 201, body: { position: 1, lane: 'main', region: 'eu', state: 'lobby' } });
    expect(await ask('POST', `${drop}/tickets`, { token, body: { nonce: 'm' } })).toMatchObject({
      body: { position: 1 },
    });
    const ticket = String(first.body['ticket']);
    expect(await ask('GET', `${drop}/tickets/${ticket}`)).toMatchObject({ status: 200, body: { ahead: 0, odds: 1 } });
  });

  it('is told what is wrong', async () => {
    const drop = await publish();
    const token = await guest();
    const body = { nonce: 'n' };
    expect(await ask('POST', `${drop}/tickets`, { body })).toMatchObject({ status: 401 });
    expect(await ask('POST', `${drop}/tickets`, { token: 'a.b.c', body })).toMatchObject({ status: 401 });
    expect(await ask('POST', `${drop}/tickets`, { token, body: {} })).toMatchObject({ body: { code: 'INVALID' } });
    const mars = { token, body: { ...body, region: 'mars' } };
    expect(await ask('POST', `${drop}/tickets`, mars)).toMatchObject({ body: { code: 'UNKNOWN_REGION' } });
    const nowhere = `/v1/drops/${newId()}`;
    expect(await ask('POST', `${nowhere}/tickets`, { token, body })).toMatchObject({
      body: { code: 'DROP_NOT_FOUND' },
    });
    expect(await ask('GET', `${drop}/tickets/forged`)).toMatchObject({ status: 404 });
    expect(await ask('POST', `${drop}/claims`, { token, body: { sku: SKU, qty: 1 } })).toMatchObject({
      body: { code: 'KEY_REQUIRED' },
    });
    expect(await ask('POST', `${drop}/claims`, { token, key: 'k', body: { sku: SKU, qty: 1 } })).toMatchObject({
      body: { code: 'NOT_ADMITTED' },
    });
    const { pass } = await admitted(drop);
    const other = await publish();
    expect(await ask('POST', `${other}/claims`, { token: pass, key: 'k', body: { sku: SKU, qty: 1 } })).toMatchObject({
      body: { code: 'NOT_ADMITTED' },
    });
    expect(await ask('POST', `${drop}/claims`, { token: pass, key: 'k', body: { sku: SKU } })).toMatchObject({
      body: { code: 'INVALID' },
    });
  });

  it('waits while everything is gone, and is called at once when something comes back', async () => {
    const drop = await publish({
      perShopperLimit: 6,
      skus: [{ sku: SKU, title: 'x', price: 1, allocation: { eu: 6 } }],
    });
    const first = await admitted(drop);
    const won = await ask('POST', `${drop}/claims`, { token: first.pass, key: 'k', body: { sku: SKU, qty: 6 } });
    expect(won.status).toBe(201);
    const next = await ask('POST', `${drop}/tickets`, { token: await guest(), body: { nonce: 'n', region: 'eu' } });
    await eventually(async () => {
      const now = await ask('GET', `${drop}/tickets/${String(next.body['ticket'])}`);
      expect(now.body['pass']).toBeUndefined();
      return now.body['state'] === 'sold-out' ? now : false;
    }, SOON);
    const dropId = drop.slice('/v1/drops/'.length);
    await createHolds(core).release(dropId, 'eu', [String(won.body['claimId'])], 'cancelled');
    const back = await eventually(async () => {
      const now = await ask('GET', `${drop}/tickets/${String(next.body['ticket'])}`);
      return now.body['pass'] === undefined ? false : now;
    }, SOON);
    const again = { token: String(back.body['pass']), key: 'k', body: { sku: SKU, qty: 6 } };
    expect(await ask('POST', `${drop}/claims`, again)).toMatchObject({ status: 201 });
    expect((await createStock(core).ledger(dropId, 'eu')).get(SKU)).toMatchObject({ available: 0, held: 6 });
  });
});
