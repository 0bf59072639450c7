/**
 * PostgreSQL alone: a row with what is left, decremented only where something is. Unit and order are one transaction, and
 * one statement, so that the row is locked for no longer than its commit takes.
 */
import { createIdSource } from '../../../contracts/ids.ts';
import { systemClock } from '../../../platform/clock.ts';
import { ORDERS, servePeer } from '../serve-peer.ts';

/** Half empty pages: the new version of the row finds room beside the old one, and no index has to be touched. */
const STOCK = `create table if not exists stock (sku text primary key, units_left int not null check (units_left >= 0))
  with (fillfactor = 50, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0)`;
const CLAIM = `
  with taken as (
    update stock set units_left = units_left - 1 where sku = $2 and units_left > 0 returning sku
  )
  insert into orders (id, sku, shopper_id) select $1, sku, $3 from taken`;

servePeer(async ({ database }) => {
  await database.query(ORDERS);
  await database.query(STOCK);
  const nextId = createIdSource(systemClock);
  return {
    async stock(sku, units) {
      await database.query('insert into stock values ($1, $2)', [sku, units]);
    },
    async claim(sku, shopper) {
      const id = nextId();
      const { rowCount } = await database.query({ name: 'claim', text: CLAIM, values: [id, sku, shopper] });
      return rowCount === 1 ? id : undefined;
    },
    async left(sku) {
      const { rows } = await database.query<{ units_left: number }>('select units_left from stock where sku = $1', [
        sku,
      ]);
      return rows[0]?.units_left ?? 0;
    },
  };
});
