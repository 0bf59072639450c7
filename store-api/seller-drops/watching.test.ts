import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import { lineJoin } from '../../reservation-core/generated/line-join.ts';
import { createRefusalCounts } from '../../reservation-core/refusal-counts.ts';
import { joinRow, newId } from '../../test/fixtures/drop.ts';
import { type LedgerSale, openLedgerSale } from '../../test/fixtures/ledger-sale.ts';
import { useShards } from '../../test/fixtures/shards.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { foundAt, numberAt, valueAt } from '../../test/fixtures/told.ts';
import { eventually } from '../../test/servers/eventually.ts';
import { useRedis } from '../../test/servers/redis.ts';

const core = useShards(useRedis());
const store = useStore({
  get sale() {
    return core;
  },
});
let address = '';
beforeAll(async () => {
  address = await store.app.listen({ host: '127.0.0.1', port: 0 });
});

async function openSale(): Promise<{ sale: LedgerSale; token: string; url: string }> {
  const sale = await openLedgerSale({ ...core, database: store.database.pool, units: 10 });
  const { rows } = await store.database.pool.query('select merchant_id as id from drops where id = $1', [sale.drop.id]);
  const { accessToken } = await store.tokens.issue({ userId: rows[0].id, kind: 'user', role: 'merchant' });
  return { sale, token: accessToken, url: `/api/v1/seller/drops/${sale.drop.id}` };
}

interface Event {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

/** Each on a connection of its own that ends with it: a client that keeps connections open would hold up the store's stop. */
async function watch(of: { token: string; url: string }, headers: Readonly<Record<string, string>> = {}) {
  const asked = request(`${address}${of.url}/live`, {
    agent: false,
    headers: { authorization: `Bearer ${of.token}`, ...headers },
  });
  asked.on('error', () => undefined).end();
  const [response]: IncomingMessage[] = await once(asked, 'response');
  if (response === undefined) throw new Error('there was no answer');
  const events: Event[] = [];
  const state = { isOver: false };
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    const blocks = (text + chunk).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s, 2)));
      if (fields['event'] === undefined) continue;
      events.push({ id: fields['id'] ?? '', event: fields['event'], data: JSON.parse(fields['data'] ?? 'null') });
    }
  });
  response.on('error', () => undefined);
  response.on('close', () => {
    state.isOver = true;
  });
  const sees = (is: (event: Event) => boolean) =>
    eventually(async () => events.find(is) ?? false, { withinMs: 15_000, everyMs: 50 });
  return {
    status: response.statusCode,
    type: response.headers['content-type'],
    events,
    state,
    sees,
    leave: () => asked.destroy(),
  };
}

describe('a sale that is watched', () => {
  it('is told as it goes on, to several with one reader, until its end', async () => {
    const own = await openSale();
    const { sale } = own;
    const joined = [newId(), newId(), newId()].map((id) => joinRow(id));
    await lineJoin(
      core.shards.home.scripts,
      core.keys.line(sale.drop.id),
      { nowMs: Date.now(), capacity: 100, edge: 'test' },
      joined,
    );
    createRefusalCounts(core).note(sale.drop.id, 'LIMIT_REACHED');
    const [one, two] = [await watch(own), await watch(own)];
    expect(one.type).toContain('text/event-stream');
    const first = await one.sees(({ event }) => event === 'sale');
    expect(first.data).toMatchObject({
      ...{ state: 'live', totals: { available: 20, held: 0, sold: 0 }, unreachable: [] },
      line: { lanes: [{ name: 'main', waiting: 3, entrants: 0 }], active: 0 },
      conversion: { queued: 3, admitted: 0, claimed: 0, paid: 0 },
    });
    await sale.sold();
    await sale.waiting({ region: 'asia' });
    const sold = await two.sees(
      ({ data }) => foundAt(data, 'totals', 'held') === 1 && valueAt(data, 'orders', 'PENDING') === 1,
    );
    expect(sold.data).toMatchObject({
      totals: { available: 18, held: 1, sold: 1 },
      stock: expect.arrayContaining([{ region: 'eu', sku: sale.sku, available: 9, held: 0, sold: 1 }]),
      conversion: { claimed: 2, paid: 1 },
      orders: { CONFIRMED: 1, PENDING: 1 },
    });
    expect(valueAt(sold.data, 'pace', 'secondsToSellOut')).toBeGreaterThan(0);
    await one.sees(({ data }) => foundAt(data, 'refusals', 'LIMIT_REACHED') === 1);
    await sale.query(`update drops set state = 'ended', revision = revision + 1 where id = $1`, [sale.drop.id]);
    const end = await one.sees(({ event }) => event === 'end');
    expect(end).toMatchObject({ id: 'end', data: { state: 'ended' } });
    await eventually(async () => one.state.isOver && two.state.isOver, { withinMs: 5_000, everyMs: 20 });
    const again = await watch(own, { 'last-event-id': 'end' });
    expect(again.status).toBe(204);
  });

  it('tells who comes back what was missed', async () => {
    const own = await openSale();
    const [stays, leaves] = [await watch(own), await watch(own)];
    const seen = await leaves.sees(({ event }) => event === 'sale');
    leaves.leave();
    await stays.sees(({ data }) => numberAt(data, 'at') > numberAt(seen.data, 'at'));
    await eventually(async () => stays.events.length >= 3, { withinMs: 10_000, everyMs: 50 });
    const back = await watch(own, { 'last-event-id': seen.id });
    await eventually(async () => back.events.length >= 2, { withinMs: 900, everyMs: 10 });
    expect(valueAt(back.events[0]?.data, 'at')).toBeGreaterThan(numberAt(seen.data, 'at'));
    for (const stream of [stays, back]) stream.leave();
  });

  it('is not for everybody, and not without bounds', async () => {
    const own = await openSale();
    const stranger = await store.person('merchant');
    expect((await store.call('GET', `${own.url}/live`, { token: stranger.token })).status).toBe(404);
    const many = await Promise.all(Array.from({ length: 12 }, () => watch(own)));
    expect(many.filter(({ status }) => status === 200)).toHaveLength(10);
    expect(many.filter(({ status }) => status === 503)).toHaveLength(2);
    for (const stream of many) stream.leave();
    const isFree = async () => {
      const stream = await watch(own);
      stream.leave();
      return stream.status === 200;
    };
    await eventually(isFree, { withinMs: 10_000, everyMs: 100 });
  });
});

describe('the books of a sale', () => {
  it('add up, with both sides, and say what is on its way and what is broken', async () => {
    const own = await openSale();
    const { sale, token, url } = own;
    await sale.sold();
    await sale.waiting({ region: 'asia' });
    await sale.declined();
    const ledger = async () => (await store.call('GET', `${url}/ledger`, { token })).body;
    const well = await ledger();
    expect(well).toMatchObject({ verdict: 'ok', unreachable: [] });
    expect(valueAt(well, 'regions')).toContainEqual({
      ...{ region: 'eu', sku: sale.sku, given: 10, allocated: 10, in: 0, out: 0, available: 9, held: 0, sold: 1 },
    });
    expect(valueAt(well, 'identities')).toContainEqual({
      ...{ identity: 'balance', sku: sale.sku, region: 'eu', left: 10, right: 10, verdict: 'ok' },
      says: 'allocated + in − out = available + held + sold, all ≥ 0',
    });
    const claim = await sale.claim();
    expect(await ledger()).toMatchObject({
      verdict: 'under way',
      identities: expect.arrayContaining([
        expect.objectContaining({ identity: 'held', region: 'eu', left: 1, right: 0, verdict: 'under way' }),
      ]),
    });
    await sale.order(claim);
    await sale.doctorStock('available', 1);
    expect(await ledger()).toMatchObject({
      verdict: 'broken',
      identities: expect.arrayContaining([
        expect.objectContaining({ identity: 'balance', region: 'eu', left: 10, right: 11, verdict: 'broken' }),
      ]),
    });
  });

  it('are a file of all orders, in which nothing is a formula', async () => {
    const { sale, token, url } = await openSale();
    const paid = await sale.sold();
    const declined = await sale.declined();
    await sale.query(`update order_items set title = '=HYPERLINK("http://evil.example")' where order_id = $1`, [paid]);
    const { status, text, headers } = await store.call('GET', `${url}/result.csv`, { token });
    expect(status).toBe(200);
    expect(headers['content-type']).toContain('text/csv');
    const [header, ...lines] = text.trimEnd().split('\n');
    expect(header).toBe('order,time,region,sku,title,quantity,amount,currency,status,payment,refunded');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain(`${paid},`);
    expect(lines[0]).toContain(`"'=HYPERLINK(""http://evil.example"")",1,49.00,EUR,CONFIRMED,CAPTURED,0.00`);
    expect(lines[1]).toMatch(new RegExp(`^${declined},.*,CANCELLED,FAILED,0.00$`));
  });

  it('say how fair it was', async () => {
    const { sale, token, url } = await openSale();
    const { body } = await store.call('GET', `${url}/fairness`, { token });
    expect(body).toMatchObject({
      ...{ dropId: sale.drop.id, mode: 'fifo', draw: null },
      line: { joined: 0, lanes: [{ name: 'main', weight: 1, waiting: 0 }] },
      caps: { ok: true, caps: sale.drop.admission, breaches: [] },
    });
  });
});
