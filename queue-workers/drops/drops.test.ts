import { afterEach, describe, expect, it } from 'vitest';
import { insertDrop } from '../../db/queries/insert-drop.ts';
import { systemClock } from '../../platform/clock.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import { connectShards } from '../../reservation-core/shards.ts';
import { createStock } from '../../reservation-core/stock.ts';
import { makeMerchant } from '../../test/db/make-merchant.ts';
import { liveDrop } from '../../test/fixtures/drop.ts';
import { type LedgerSale, openLedgerSale } from '../../test/fixtures/ledger-sale.ts';
import { shelve } from '../../test/fixtures/seller-drops.ts';
import { silentLog, TEST_REGIONS, useShards } from '../../test/fixtures/shards.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { type OurProcess, startOurProcess } from '../../test/servers/dropgate.ts';
import { eventually } from '../../test/servers/eventually.ts';
import { freePort } from '../../test/servers/free-port.ts';
import { useRedis } from '../../test/servers/redis.ts';
import { createLeadership } from '../leadership.ts';
import type { Repeated } from '../repeat.ts';
import { startDropsWork } from './drops.ts';

const redis = useRedis();
const database = useDatabase();
const core = useShards(redis);
const withinMs = 15_000;
const started: Repeated[] = [];
const processes: OurProcess[] = [];

afterEach(async () => {
  for (const work of started.splice(0)) await work.stop();
  for (const child of processes.splice(0)) await child.kill();
});

function start({ shards, keys } = core): Repeated {
  const leadership = createLeadership({
    ...{ redis: core.shards.home.redis, key: keys.dropsLeader, lockMs: 2_000, onLost: () => undefined },
  });
  const nothing = () => undefined;
  const work = startDropsWork({
    ...{ leadership, database: database.pool, shards, keys, drops: createDrops({ shards, keys }) },
    ...{ clock: systemClock, log: silentLog, everyMs: 20, settleEveryMs: 40 },
    metrics: { leads: nothing, published: nothing, ended: nothing, settled: nothing, failed: nothing },
  });
  started.push(work);
  return work;
}

const query = async (text: string, values: readonly unknown[]) => (await database.pool.query(text, [...values])).rows;

async function rowOf(dropId: string) {
  const [row] = await query(
    `select state, revision, published_revision as published, waiting_regions as waiting, trouble,
       settled_at is not null as settled from drops where id = $1`,
    [dropId],
  );
  return row;
}

async function writeDrop(changes = {}) {
  const { merchantId, skus } = await makeMerchant(database.pool);
  const allocation = { eu: 6, asia: 4 };
  const items = [{ sku: skus[0], title: 'One', price: 100, allocation }];
  const drop = liveDrop(Date.now(), { skus: items, ...changes });
  await insertDrop(database.pool, { ...drop, merchantId });
  return drop;
}

const isPublished = (dropId: string) =>
  eventually(async () => (await rowOf(dropId)).published === (await rowOf(dropId)).revision, { withinMs, everyMs: 20 });

describe('publishing', () => {
  it('brings a drop and each change of it to the regions, and nothing of a draft', async () => {
    const [drop, draft] = [await writeDrop(), await writeDrop({ state: 'draft' })];
    start();
    await isPublished(drop.id);
    const drops = createDrops(core);
    expect(await drops.find(drop.id)).toEqual(drop);
    expect((await createStock(core).ledger(drop.id, 'eu')).get(drop.skus[0]?.sku ?? '')?.available).toBe(6);
    await query(`update drops set state = 'paused', revision = 2 where id = $1`, [drop.id]);
    await isPublished(drop.id);
    expect(await drops.find(drop.id)).toMatchObject({ state: 'paused', revision: 2 });
    expect((await createStock(core).ledger(drop.id, 'eu')).get(drop.skus[0]?.sku ?? '')?.allocated).toBe(6);
    expect(await drops.find(draft.id)).toBeUndefined();
  });

  it('ends a drop at its time', async () => {
    const drop = await writeDrop({ endsAt: Date.now() + 300 });
    start();
    await eventually(async () => (await createDrops(core).find(drop.id))?.state === 'ended', { withinMs, everyMs: 20 });
    expect(await rowOf(drop.id)).toMatchObject({ state: 'ended', revision: 2 });
  });

  it('names a region that is away, and goes on when it is back', async () => {
    const drop = await writeDrop();
    const regionUrls = new Map(
      TEST_REGIONS.map((region) => [region, region === 'asia' ? 'redis://127.0.0.1:1' : redis.url]),
    );
    const shards = await connectShards({ homeUrl: redis.url, regionUrls, name: 'test', log: silentLog });
    const work = start({ shards, keys: core.keys });
    await eventually(async () => (await rowOf(drop.id)).trouble !== null, { withinMs, everyMs: 20 });
    expect(await rowOf(drop.id)).toMatchObject({
      ...{ published: 0, waiting: ['asia'], trouble: expect.stringContaining('asia') },
    });
    await work.stop();
    await shards.close();
    start();
    await isPublished(drop.id);
    expect(await rowOf(drop.id)).toMatchObject({ waiting: [], trouble: null });
  });

  it('gives nothing out a second time where Redis has forgotten a drop', async () => {
    const drop = await writeDrop();
    await query('update drops set published_revision = 1, revision = 2 where id = $1', [drop.id]);
    start();
    await eventually(async () => (await rowOf(drop.id)).trouble !== null, { withinMs, everyMs: 20 });
    expect((await rowOf(drop.id)).trouble).toContain('npm run rebuild');
    expect((await createStock(core).ledger(drop.id, 'eu')).size).toBe(0);
  });
});

/** A sale whose units were drawn from two shelves. */
async function openDrawnSale(units: number): Promise<LedgerSale> {
  const sale = await openLedgerSale({ ...core, database: database.pool, units });
  for (const [at, share] of [
    [0, units + 3],
    [1, units - 3],
  ] as const) {
    const warehouse = await shelve(database.pool, sale.sku, share + at);
    await query('update inventory set reserved = $3 where sku = $1 and warehouse_id = $2', [
      sale.sku,
      warehouse,
      share,
    ]);
    await query('insert into drop_stock (drop_id, sku, warehouse_id, units) values ($1, $2, $3, $4)', [
      ...[sale.drop.id, sale.sku, warehouse, share],
    ]);
  }
  return sale;
}

const end = (dropId: string) =>
  query(`update drops set state = 'ended', revision = revision + 1 where id = $1`, [dropId]);

const isSettled = (dropId: string) =>
  eventually(async () => (await rowOf(dropId)).settled === true, { withinMs, everyMs: 20 });

async function figures({ drop, sku }: LedgerSale) {
  const [row] = await query(
    `select sum(units)::int as units, sum(returned)::int as returned,
       (select sum(reserved)::int from inventory where sku = $2) as reserved
     from drop_stock where drop_id = $1`,
    [drop.id, sku],
  );
  return row;
}

describe('the end of a drop', () => {
  it('gives back what was not sold: units = sold + returned', async () => {
    const sale = await openDrawnSale(10);
    for (let left = 4; left > 0; left -= 1) await sale.sold();
    await sale.sold({ region: 'asia' });
    await sale.declined();
    await end(sale.drop.id);
    start();
    await isSettled(sale.drop.id);
    expect(await figures(sale)).toEqual({ units: 20, returned: 15, reserved: 5 });
    // In as few places as possible is what is left: on the fuller shelf.
    const shelves = await query('select units, returned from drop_stock where drop_id = $1 order by units', [
      sale.drop.id,
    ]);
    expect(shelves).toEqual([
      { units: 7, returned: 7 },
      { units: 13, returned: 8 },
    ]);
  });

  it('waits for who has not paid yet, and leaves parcels alone', async () => {
    const sale = await openDrawnSale(10);
    await sale.sold();
    const waiting = await sale.waiting();
    await query('update drop_stock set packed = 1 where drop_id = $1 and units = 7', [sale.drop.id]);
    await end(sale.drop.id);
    start();
    await isPublished(sale.drop.id);
    await sale.captured(waiting);
    await sale.confirm(waiting);
    // Sold in Redis, and its order not confirmed yet.
    expect((await rowOf(sale.drop.id)).settled).toBe(false);
    await sale.step(waiting, 'CONFIRMED');
    await isSettled(sale.drop.id);
    expect(await figures(sale)).toEqual({ units: 20, returned: 18, reserved: 2 });
    const [shelf] = await query('select packed, returned from drop_stock where drop_id = $1 and units = 7', [
      sale.drop.id,
    ]);
    expect(shelf).toEqual({ packed: 1, returned: 6 });
  });

  it('takes an order that was called off after it was paid for sold, as its units did not come back', async () => {
    const sale = await openDrawnSale(10);
    await sale.step(await sale.sold(), 'CANCELLED', 'cancelled');
    await end(sale.drop.id);
    start();
    await isSettled(sale.drop.id);
    expect(await figures(sale)).toMatchObject({ returned: 19 });
  });

  it('is not settled while the books disagree, and says so', async () => {
    const sale = await openDrawnSale(10);
    const claimId = await sale.waiting();
    await sale.confirm(claimId);
    await sale.step(claimId, 'CANCELLED', 'cancelled');
    await end(sale.drop.id);
    start();
    await eventually(async () => (await rowOf(sale.drop.id)).trouble !== null, { withinMs, everyMs: 20 });
    expect((await rowOf(sale.drop.id)).trouble).toContain('Redis has sold 1 units');
    expect(await figures(sale)).toMatchObject({ returned: 0, reserved: 20 });
  });

  it('is settled once, whoever is killed in the middle of it', async () => {
    const sale = await openDrawnSale(10);
    for (let left = 3; left > 0; left -= 1) await sale.sold();
    await end(sale.drop.id);
    // Whoever settles comes to a stop between reading what was sold and giving back the rest.
    const blocker = await database.pool.connect();
    await blocker.query('begin');
    await blocker.query('select from drop_stock where drop_id = $1 for update', [sale.drop.id]);
    const first = await startWorker();
    const isStuck = async () =>
      (await query(`select from pg_stat_activity where application_name = 'drops' and wait_event_type = 'Lock'`, []))
        .length > 0;
    await eventually(isStuck, { withinMs, everyMs: 20 });
    await first.kill();
    await blocker.query('rollback');
    blocker.release();
    await Promise.all([startWorker(), startWorker()]);
    await isSettled(sale.drop.id);
    expect(await figures(sale)).toEqual({ units: 20, returned: 17, reserved: 3 });
  });
});

describe('a merchant', () => {
  const mails = async (dropId: string) =>
    (
      await query(
        `select payload::jsonb -> 'data' as data from outbox where topic = 'notification.email' order by position`,
        [],
      )
    )
      .map(({ data }) => data)
      .filter(({ values }) => values.dropId === dropId)
      .map(({ template, values: { sold, unsold } }) => [template, sold, unsold]);

  it('is told once that all of a drop is sold, and how it ended', async () => {
    const sale = await openDrawnSale(4);
    const [listening] = await query(
      `insert into webhook_endpoints (id, merchant_id, url, events)
       select uuidv7(), merchant_id, 'https://erp.test/', '{drop.sold-out,drop.ended,drop.settled}' from drops where id = $1
       returning id`,
      [sale.drop.id],
    );
    for (let left = 3; left > 0; left -= 1) await sale.sold();
    for (let left = 4; left > 0; left -= 1) await sale.sold({ region: 'asia' });
    const last = await sale.waiting();
    start();
    await isPublished(sale.drop.id);
    // What is only held may come back.
    expect(await mails(sale.drop.id)).toEqual([]);
    await sale.captured(last);
    await sale.confirm(last);
    await sale.step(last, 'CONFIRMED');
    await eventually(async () => (await mails(sale.drop.id)).length > 0, { withinMs, everyMs: 20 });
    await end(sale.drop.id);
    await isSettled(sale.drop.id);
    expect(await mails(sale.drop.id)).toEqual([
      ['drop-sold-out', undefined, undefined],
      ['drop-ended', 8, 0],
    ]);
    const told = await query(
      `select m.type from webhook_deliveries d join merchant_events m on m.id = d.event_id where d.endpoint_id = $1 order by d.id`,
      [listening.id],
    );
    expect(told.map(({ type }) => type)).toEqual(['drop.sold-out', 'drop.ended', 'drop.settled']);
  });
});

async function startWorker(): Promise<OurProcess> {
  const child = await startOurProcess('queue-workers/drops/main.ts', {
    ...{ DATABASE_URL: database.url, REDIS_URL: redis.url, REDIS_PREFIX: redis.prefix },
    ...{ REGIONS: TEST_REGIONS.join(','), OPS_PORT: String(await freePort()) },
  });
  processes.push(child);
  return child;
}
