import { describe, expect, it } from 'vitest';
import { type FigureRow, NO_ID } from '../../contracts/figure-rows.ts';
import { connectClickHouse } from '../../platform/connections/clickhouse.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { standInForClickHouse } from '../../test/fixtures/clickhouse.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { createClickHouseAnalytics } from './clickhouse.ts';
import { createPostgresAnalytics } from './postgres.ts';
import type { AnalyticsStore } from './store.ts';

const database = useDatabase();
const clickhouse = standInForClickHouse();
const HOUR = 3_600_000;
const start = Date.now() - (Date.now() % HOUR) - 5 * HOUR;

const stores: Readonly<Record<string, () => AnalyticsStore>> = {
  postgres: () => createPostgresAnalytics(database.pool),
  clickhouse: () => createClickHouseAnalytics(database.pool, connectClickHouse(clickhouse.url)),
};
const row = (more: Partial<FigureRow>): FigureRow => ({
  ...{ atMs: start, grain: 'merchant', name: 'payment.captured', merchantId: NO_ID, productId: NO_ID, sku: '' },
  ...{ dropId: NO_ID, region: '', currency: 'EUR', events: 1, units: 1, amountMinor: 100 },
  ...more,
});
const add = (store: AnalyticsStore, rows: readonly FigureRow[], id: string = newId()) =>
  withTransaction(database.pool, (client) => store.add(client, id, rows));

describe.each(Object.entries(stores))('sums in %s', (_, open) => {
  it('are added up, by bucket, name and currency', async () => {
    const [store, merchantId] = [open(), newId()];
    await store.maintain(Date.now(), Date.now() - 400 * 24 * HOUR);
    await add(store, [row({ merchantId }), row({ merchantId, currency: 'USD', amountMinor: 7 })]);
    await add(store, [row({ merchantId, amountMinor: 50, units: 3 }), row({ merchantId, atMs: start + HOUR })]);
    await add(store, [row({ merchantId, atMs: start - 60_000 }), row({ merchantId: newId() })]);
    await store.flush();
    const edgesMs = [start, start + HOUR, start + 2 * HOUR];
    const rows = await store.series({ merchantId, names: ['payment.captured'], edgesMs });
    const key = ({ bucket, currency }: { bucket: number; currency: string }) => `${bucket} ${currency}`;
    expect(rows.toSorted((a, b) => key(a).localeCompare(key(b)))).toEqual([
      { bucket: 0, name: 'payment.captured', currency: 'EUR', events: 2, units: 4, amountMinor: 150 },
      { bucket: 0, name: 'payment.captured', currency: 'USD', events: 1, units: 1, amountMinor: 7 },
      { bucket: 1, name: 'payment.captured', currency: 'EUR', events: 1, units: 1, amountMinor: 100 },
    ]);
  });

  it('tell which products lead, and all of theirs', async () => {
    const [store, merchantId] = [open(), newId()];
    const [one, other, third] = [newId(), newId(), newId()];
    const article = (productId: string, more: Partial<FigureRow>) =>
      row({ grain: 'article', merchantId, productId, sku: 'S', ...more });
    await add(store, [
      article(one, { amountMinor: 10, units: 9 }),
      article(other, { amountMinor: 90, units: 1 }),
      article(other, { name: 'product.viewed', currency: '', events: 5, amountMinor: 0 }),
      article(third, { currency: 'USD', amountMinor: 900 }),
      article(third, { atMs: start + 9 * HOUR, amountMinor: 900 }),
    ]);
    await store.flush();
    const span = { merchantId, fromMs: start, untilMs: start + HOUR, names: ['payment.captured', 'product.viewed'] };
    const led = async (measure: 'amount' | 'units', limit: number, currency?: string) => {
      const by = { name: 'payment.captured', measure, ...(currency === undefined ? {} : { currency }) };
      return await store.top({ ...span, by, limit });
    };
    const ids = (rows: readonly { productId: string }[]) => [...new Set(rows.map(({ productId }) => productId))];
    expect(ids(await led('amount', 5, 'EUR'))).toEqual([other, one]);
    expect(ids(await led('units', 1))).toEqual([one]);
    expect(await led('amount', 1, 'EUR')).toMatchObject([
      { name: 'payment.captured', amountMinor: 90 },
      { name: 'product.viewed', events: 5 },
    ]);
    expect(await store.top({ ...span, merchantId: newId(), by: { name: 'x', measure: 'events' }, limit: 5 })).toEqual(
      [],
    );
  });

  it('are replaced where they are counted anew, and nowhere else', async () => {
    const [store, merchantId] = [open(), newId()];
    await add(store, [
      row({ merchantId, amountMinor: 1 }),
      row({ merchantId, atMs: start + HOUR, amountMinor: 2 }),
      row({ merchantId, name: 'order.confirmed', amountMinor: 4 }),
    ]);
    const span = { fromMs: start, untilMs: start + HOUR };
    await withTransaction(database.pool, (client) =>
      store.replace(client, ['payment.captured'], span, [row({ merchantId, amountMinor: 8 })]),
    );
    await store.flush();
    const names = ['payment.captured', 'order.confirmed'];
    const rows = await store.series({ merchantId, names, edgesMs: [start, start + HOUR, start + 2 * HOUR] });
    expect(rows.map(({ amountMinor }) => amountMinor).toSorted()).toEqual([2, 4, 8]);
  });

  it('that were not committed are nowhere', async () => {
    const [store, merchantId] = [open(), newId()];
    await withTransaction(database.pool, async (client) => {
      await store.add(client, newId(), [row({ merchantId })]);
      throw new Error('a crash');
    }).catch(() => undefined);
    await store.flush();
    expect(await store.series({ merchantId, names: ['payment.captured'], edgesMs: [start, start + HOUR] })).toEqual([]);
  });
});

describe('ClickHouse', () => {
  it('gets a batch once, also when the answer to it was lost', async () => {
    const [open, merchantId] = [stores.clickhouse, newId()];
    if (open === undefined) throw new Error('no store');
    const store = open();
    await store.maintain(Date.now(), 0);
    await add(store, [row({ merchantId })]);
    clickhouse.loseAnswers(1);
    await expect(store.flush()).rejects.toMatchObject({ code: 'CLICKHOUSE_UNREACHABLE' });
    await Promise.all([store.flush(), store.flush(), open().flush()]);
    const rows = await store.series({ merchantId, names: ['payment.captured'], edgesMs: [start, start + HOUR] });
    expect(rows).toMatchObject([{ events: 1, amountMinor: 100 }]);
    expect((await database.pool.query('select from figure_batches')).rowCount).toBe(0);
  });
});
