/**
 * Sums of figures in ClickHouse. What a batch adds is first a row of figure_batches in PostgreSQL, in the transaction that
 * says that it is counted; from there it is sent with its id as the token, by which ClickHouse takes it once.
 */
import type { ClientBase, Pool } from 'pg';
import { type FigureRow, NO_ID } from '../../contracts/figure-rows.ts';
import type { ClickHouse } from '../../platform/connections/clickhouse.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { exact } from '../exact.ts';
import type { AnalyticsStore, SeriesRow, TopRow } from './store.ts';

/** Batches that are sent in one transaction, and how many tokens ClickHouse remembers: far more than ever wait. */
const BATCHES_AT_ONCE = 50;
const TOKENS_REMEMBERED = 10_000;

export const CLICKHOUSE_TABLE = `
  CREATE TABLE IF NOT EXISTS figures (
    at DateTime('UTC'), grain LowCardinality(String), name LowCardinality(String), merchant_id UUID, product_id UUID,
    sku String, drop_id UUID, region LowCardinality(String), currency LowCardinality(String),
    events Int64, units Int64, amount_minor Int64
  )
  ENGINE = SummingMergeTree((events, units, amount_minor))
  PARTITION BY toYYYYMM(at)
  ORDER BY (grain, merchant_id, name, at, product_id, sku, drop_id, region, currency)
  SETTINGS non_replicated_deduplication_window = ${TOKENS_REMEMBERED}`;

export const CLICKHOUSE_SERIES = `
  SELECT roundDown(toUnixTimestamp(at), {edges:Array(UInt32)}) AS edge, name, currency, sum(events) AS events,
    sum(units) AS units, sum(amount_minor) AS amountMinor
  FROM figures
  WHERE grain = {grain:String} AND merchant_id = {merchantId:UUID} AND name IN {names:Array(String)}
    AND at >= toDateTime({from:UInt32}, 'UTC') AND at < toDateTime({until:UInt32}, 'UTC')
  GROUP BY edge, name, currency`;

const OF_ARTICLES = `grain = 'article' AND ({merchantId:UUID} = toUUID('${NO_ID}') OR merchant_id = {merchantId:UUID})
    AND at >= toDateTime({from:UInt32}, 'UTC') AND at < toDateTime({until:UInt32}, 'UTC')`;

export const CLICKHOUSE_LEADING = `
  SELECT product_id AS productId,
    sum(multiIf({measure:String} = 'events', events, {measure:String} = 'units', units, amount_minor)) AS much
  FROM figures
  WHERE ${OF_ARTICLES} AND name = {by:String} AND product_id != toUUID('${NO_ID}')
    AND ({currency:String} = '' OR currency = {currency:String})
  GROUP BY productId ORDER BY much DESC, toString(productId) LIMIT {limit:UInt32}`;

export const CLICKHOUSE_PRODUCTS = `
  SELECT product_id AS productId, name, currency, sum(events) AS events, sum(units) AS units, sum(amount_minor) AS amountMinor
  FROM figures
  WHERE ${OF_ARTICLES} AND product_id IN {productIds:Array(UUID)} AND name IN {names:Array(String)}
  GROUP BY productId, name, currency ORDER BY name, currency`;

export const CLICKHOUSE_DELETE = `
  ALTER TABLE figures DELETE
  WHERE name IN {names:Array(String)} AND at >= toDateTime({from:UInt32}, 'UTC') AND at < toDateTime({until:UInt32}, 'UTC')
  SETTINGS mutations_sync = 1`;

export const CLICKHOUSE_MONTHS = `
  SELECT DISTINCT partition FROM system.parts
  WHERE database = currentDatabase() AND table = 'figures' AND active AND partition < {before:String} ORDER BY partition`;

type Sums<T> = { readonly [K in keyof T]: K extends 'events' | 'units' | 'amountMinor' ? string | number : T[K] };

export function createClickHouseAnalytics(database: Pool, clickhouse: ClickHouse): AnalyticsStore {
  async function flush(): Promise<void> {
    let sent = BATCHES_AT_ONCE;
    while (sent === BATCHES_AT_ONCE) sent = await sendBatches(database, clickhouse);
  }
  return {
    name: 'clickhouse',
    async add(client, batchId, rows) {
      if (rows.length > 0) await keepBatch(client, batchId, rows);
    },
    flush,
    async replace(_client, names, span, rows) {
      // What is on its way belongs to what is taken away; its token keeps it from coming a second time.
      await flush();
      await clickhouse.query(CLICKHOUSE_DELETE, { names: listOf(names), ...secondsOf(span) });
      await clickhouse.insert('figures', rows.map(sentRow), crypto.randomUUID());
    },
    async maintain(_nowMs, keptFromMs) {
      await clickhouse.query(CLICKHOUSE_TABLE);
      const before = new Date(keptFromMs).toISOString().slice(0, 7).replace('-', '');
      const old = await clickhouse.query<{ partition: string }>(CLICKHOUSE_MONTHS, { before });
      for (const { partition } of old) {
        if (/^\d{6}$/.test(partition)) await clickhouse.query(`ALTER TABLE figures DROP PARTITION ${partition}`);
      }
    },
    async series({ merchantId, names, edgesMs }) {
      const [fromMs, untilMs] = [edgesMs.at(0) ?? 0, edgesMs.at(-1) ?? 0];
      const starts = edgesMs.slice(0, -1).map((ms) => ms / 1_000);
      const buckets = new Map(starts.map((edge, bucket) => [edge, bucket]));
      const rows = await clickhouse.query<Sums<Omit<SeriesRow, 'bucket'> & { edge: number }>>(CLICKHOUSE_SERIES, {
        ...{ edges: `[${starts.join(',')}]`, grain: merchantId === NO_ID ? 'all' : 'merchant', merchantId },
        ...{ names: listOf(names), ...secondsOf({ fromMs, untilMs }) },
      });
      return rows.map(({ edge, name, currency, ...sums }) => ({
        ...{ bucket: buckets.get(edge) ?? 0, name, currency },
        ...numbersOf(sums),
      }));
    },
    async top({ merchantId, fromMs, untilMs, by, names, limit }) {
      const asked = { merchantId, ...secondsOf({ fromMs, untilMs }) };
      const { name, measure, currency = '' } = by;
      const leading = await clickhouse.query<{ productId: string }>(CLICKHOUSE_LEADING, {
        ...asked,
        ...{ by: name, measure, currency, limit },
      });
      if (leading.length === 0) return [];
      const place = new Map(leading.map(({ productId }, at) => [productId, at]));
      const rows = await clickhouse.query<Sums<TopRow>>(CLICKHOUSE_PRODUCTS, {
        ...asked,
        ...{ productIds: listOf([...place.keys()]), names: listOf(names) },
      });
      return rows
        .map(({ productId, name, currency: of, ...sums }) => ({ productId, name, currency: of, ...numbersOf(sums) }))
        .toSorted((a, b) => (place.get(a.productId) ?? 0) - (place.get(b.productId) ?? 0));
    },
  };
}

async function keepBatch(client: ClientBase, batchId: string, rows: readonly FigureRow[]): Promise<void> {
  await client.query('insert into figure_batches (id, rows) values ($1, $2)', [batchId, JSON.stringify(rows)]);
}

async function sendBatches(database: Pool, clickhouse: ClickHouse): Promise<number> {
  return await withTransaction(database, async (client) => {
    const { rows: batches } = await client.query<{ id: string; rows: FigureRow[] }>(
      'select id, rows from figure_batches order by made_at, id limit $1 for update skip locked',
      [BATCHES_AT_ONCE],
    );
    for (const { id, rows } of batches) await clickhouse.insert('figures', rows.map(sentRow), id);
    const ids = batches.map(({ id }) => id);
    if (ids.length > 0) await client.query('delete from figure_batches where id = any ($1::uuid[])', [ids]);
    return batches.length;
  });
}

function sentRow({ atMs, merchantId, productId, dropId, amountMinor, ...row }: FigureRow) {
  return {
    ...{ at: atMs / 1_000, merchant_id: merchantId, product_id: productId, drop_id: dropId, amount_minor: amountMinor },
    ...row,
  };
}

function secondsOf({ fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number }) {
  return { from: Math.floor(fromMs / 1_000), until: Math.floor(untilMs / 1_000) };
}

/** Names of figures and ids: nothing in them needs to be escaped. */
function listOf(texts: readonly string[]): string {
  return `[${texts.map((text) => `'${text.replaceAll(/[^A-Za-z0-9._-]/g, '')}'`).join(',')}]`;
}

function numbersOf(sums: {
  readonly events: string | number;
  readonly units: string | number;
  readonly amountMinor: string | number;
}) {
  return { events: exact(sums.events), units: exact(sums.units), amountMinor: exact(sums.amountMinor) };
}
