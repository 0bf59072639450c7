/** The stock of one article divided into rows of its own, so that not all wait for the same one. */
import { argumentsOf, numberOf, RESERVATION, RESERVED, type Scheme } from './scheme.ts';

export const UNIT_ROWS: Scheme = {
  name: 'a row a unit, SKIP LOCKED',
  mayMiss: true,
  async stock(database, { sku }, units) {
    await database.query('create table if not exists stock_units (id bigint generated always as identity, sku text)');
    await database.query('create index if not exists units_of_sku on stock_units (sku, id)');
    await database.query('insert into stock_units (sku) select $1 from generate_series(1, $2::int)', [sku, units]);
    await database.query('analyze stock_units');
  },
  left: (database, { sku }) =>
    numberOf(database, 'select count(*)::int as number from stock_units where sku = $1', [sku]),
  open: () => ({
    async reserve(attempt) {
      const { rowCount } = await attempt.database.query({
        name: 'take-unit',
        text: `
          with free as (
            select ctid from stock_units where sku = $1 order by id limit 1 for update skip locked
          ), taken as (
            delete from stock_units where ctid = any (array(select ctid from free)) returning 1
          )
          ${RESERVATION} select ${RESERVED} from taken`,
        values: argumentsOf(attempt),
      });
      return rowCount === 1;
    },
  }),
};

const SHARDS = 8;

export const SHARDED: Scheme = {
  name: `${SHARDS} counters`,
  async stock(database, { sku, warehouseId }, units) {
    await database.query(`
      create table if not exists stock_shards (
        sku text, warehouse_id uuid, shard int, on_hand int, reserved int default 0 check (reserved <= on_hand),
        primary key (sku, shard)
      )`);
    // They have to tell of themselves like the shelf that they divide.
    await database.query(`
      create or replace trigger shards_tell after update on stock_shards for each row execute function tell_inventory()`);
    await database.query(
      `insert into stock_shards (sku, warehouse_id, shard, on_hand)
       select $1, $2, shard, $3::int / $4::int + (shard < $3::int % $4::int)::int from generate_series(0, $4::int - 1) shard`,
      [sku, warehouseId, units, SHARDS],
    );
  },
  left: (database, { sku }) =>
    numberOf(database, 'select sum(on_hand - reserved)::int as number from stock_shards where sku = $1', [sku]),
  open: () => ({
    async reserve(attempt) {
      const first = Math.floor(Math.random() * SHARDS);
      for (let next = 0; next < SHARDS; next += 1) {
        const { rowCount } = await attempt.database.query({
          name: 'take-of-shard',
          text: `
            with taken as (
              update stock_shards set reserved = reserved + 1
              where sku = $1 and shard = $4 and on_hand - reserved >= 1 returning 1
            )
            ${RESERVATION} select ${RESERVED} from taken`,
          values: [...argumentsOf(attempt), (first + next) % SHARDS],
        });
        if (rowCount === 1) return true;
      }
      return false;
    },
  }),
};
