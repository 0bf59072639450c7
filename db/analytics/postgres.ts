/** Sums of figures in PostgreSQL: one table, a partition a month. */
import type { ClientBase, Pool } from 'pg';
import { type FigureRow, NO_ID } from '../../contracts/figure-rows.ts';
import { exact } from '../exact.ts';
import type { AnalyticsStore, SeriesRow, TopRow } from './store.ts';

const ADD = `
  insert into figures (at, grain, name, merchant_id, product_id, sku, drop_id, region, currency, events, units, amount_minor)
  select to_timestamp(at / 1000), grain, name, merchant_id, product_id, sku, drop_id, region, currency, events, units, amount
  from unnest($1::float8[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::uuid[], $8::text[], $9::text[],
    $10::bigint[], $11::bigint[], $12::bigint[])
    as added (at, grain, name, merchant_id, product_id, sku, drop_id, region, currency, events, units, amount)
  order by 2, 4, 3, 1, 5, 6, 7, 8, 9
  on conflict (grain, merchant_id, name, at, product_id, sku, drop_id, region, currency) do update set
    events = figures.events + excluded.events, units = figures.units + excluded.units,
    amount_minor = figures.amount_minor + excluded.amount_minor`;

/* Buckets by their edges: whatever a day is in a time zone, the caller has said when it begins. */
const SERIES = `
  select width_bucket(extract(epoch from at)::float8 * 1000, $4::float8[]) - 1 as bucket, name, currency,
    sum(events)::bigint as events, sum(units)::bigint as units, sum(amount_minor)::bigint as "amountMinor"
  from figures
  where grain = case when $1::uuid = '${NO_ID}' then 'all' else 'merchant' end and merchant_id = $1::uuid
    and name = any ($2::text[]) and at >= to_timestamp($3::float8 / 1000) and at < to_timestamp($5::float8 / 1000)
  group by 1, 2, 3`;

const TOP = `
  with best as materialized (
    select product_id, sum(case $5::text when 'events' then events when 'units' then units else amount_minor end) as much
    from figures
    where grain = 'article' and ($1::uuid = '${NO_ID}' or merchant_id = $1::uuid) and name = $4::text
      and product_id <> '${NO_ID}' and ($6::text = '' or currency = $6::text)
      and at >= to_timestamp($2::float8 / 1000) and at < to_timestamp($3::float8 / 1000)
    group by 1 order by 2 desc, 1 limit $8
  )
  select f.product_id as "productId", f.name, f.currency, sum(f.events)::bigint as events, sum(f.units)::bigint as units,
    sum(f.amount_minor)::bigint as "amountMinor"
  from best l join figures f on f.product_id = l.product_id
  where f.grain = 'article' and ($1::uuid = '${NO_ID}' or f.merchant_id = $1::uuid) and f.name = any ($7::text[])
    and f.at >= to_timestamp($2::float8 / 1000) and f.at < to_timestamp($3::float8 / 1000)
  group by l.much, f.product_id, f.name, f.currency order by l.much desc, f.product_id, f.name, f.currency`;

type Sums<T> = Omit<T, 'events' | 'units' | 'amountMinor'> & {
  readonly [K in 'events' | 'units' | 'amountMinor']: string | number;
};
const exactly = <T extends object>({ events, units, amountMinor, ...rest }: Sums<T> & object) => ({
  ...rest,
  ...{ events: exact(events), units: exact(units), amountMinor: exact(amountMinor) },
});

export function createPostgresAnalytics(database: Pool): AnalyticsStore {
  return {
    name: 'postgres',
    add: (client, _batchId, rows) => addRows(client, rows),
    flush: async () => undefined,
    async replace(client, names, { fromMs, untilMs }, rows) {
      await client.query(
        `delete from figures
         where name = any ($1::text[]) and at >= to_timestamp($2::float8 / 1000) and at < to_timestamp($3::float8 / 1000)`,
        [names, fromMs, untilMs],
      );
      await addRows(client, rows);
    },
    async maintain(nowMs, keptFromMs) {
      await database.query(
        `select make_figure_months((to_timestamp($1::float8 / 1000) at time zone 'utc' - interval '1 month')::date, 4)`,
        [nowMs],
      );
      await database.query(`select drop_figure_months((to_timestamp($1::float8 / 1000) at time zone 'utc')::date)`, [
        keptFromMs,
      ]);
    },
    async series({ merchantId, names, edgesMs }) {
      const { rows } = await database.query<Sums<SeriesRow>>({
        name: 'figures-series',
        text: SERIES,
        values: [merchantId, names, edgesMs.at(0), edgesMs.slice(0, -1), edgesMs.at(-1)],
      });
      return rows.map((row) => exactly<SeriesRow>(row));
    },
    async top({ merchantId, fromMs, untilMs, by, names, limit }) {
      const { rows } = await database.query<Sums<TopRow>>({
        name: 'figures-top',
        text: TOP,
        values: [merchantId, fromMs, untilMs, by.name, by.measure, by.currency ?? '', names, limit],
      });
      return rows.map((row) => exactly<TopRow>(row));
    },
  };
}

async function addRows(client: ClientBase, rows: readonly FigureRow[]): Promise<void> {
  if (rows.length === 0) return;
  const of = <K extends keyof FigureRow>(key: K) => rows.map((row) => row[key]);
  await client.query({
    name: 'figures-add',
    text: ADD,
    values: [
      ...[of('atMs'), of('grain'), of('name'), of('merchantId'), of('productId'), of('sku'), of('dropId')],
      ...[of('region'), of('currency'), of('events'), of('units'), of('amountMinor')],
    ],
  });
}
