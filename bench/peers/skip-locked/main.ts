/**
 * PostgreSQL alone: a row for each unit. Who claims takes the first one that nobody else has in hand (SKIP LOCKED), so no
 * claim waits for another; unit and order are one transaction, and one statement.
 */
import { createIdSource } from '../../../contracts/ids.ts';
import { systemClock } from '../../../platform/clock.ts';
import { ORDERS, servePeer } from '../serve-peer.ts';

/** What was sold leaves rows that everybody steps over until they are vacuumed. */
const UNITS = `create table if not exists stock_units (id bigint generated always as identity, sku text not null)
  with (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 0)`;
const INDEX = 'create index if not exists units_of_sku on stock_units (sku, id)';
const CLAIM = `
  with free as (
    select ctid from stock_units where sku = $2 order by id limit 1 for update skip locked
  ), taken as (
    delete from stock_units where ctid = any (array(select ctid from free)) returning sku
  )
  insert into orders (id, sku, shopper_id) select $1, sku, $3 from taken`;

servePeer(async ({ database }) => {
  await database.query(ORDERS);
  await database.query(UNITS);
  await database.query(INDEX);
  const nextId = createIdSource(systemClock);
  return {
    async stock(sku, units) {
      await database.query('insert into stock_units (sku) select $1 from generate_series(1, $2::int)', [sku, units]);
      await database.query('analyze stock_units');
    },
    async claim(sku, shopper) {
      const id = nextId();
      const { rowCount } = await database.query({ name: 'claim', text: CLAIM, values: [id, sku, shopper] });
      return rowCount === 1 ? id : undefined;
    },
    async left(sku) {
      const { rows } = await database.query<{ count: number }>(
        'select count(*)::int as count from stock_units where sku = $1',
        [sku],
      );
      return rows[0]?.count ?? 0;
    },
  };
});
