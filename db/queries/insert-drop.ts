import type { ClientBase, Pool } from 'pg';
import type { StoredDrop } from '../drop-rows.ts';

const INSERT = `
  with made as (
    insert into drops (
      id, merchant_id, revision, title, currency, mode, state, lobby_opens_at, starts_at, ends_at, per_shopper_limit,
      hold_seconds, pass_seconds, admissions_per_second, max_active_passes, lanes, challenge, draw_commit
    ) values (
      $1, $2, $3, $4, $5, $6, $7, to_timestamp($8::float8 / 1000), to_timestamp($9::float8 / 1000),
      to_timestamp($10::float8 / 1000), $11, $12, $13, $14, $15, $16, $17, $18
    )
    on conflict (id) do nothing
    returning id
  ), item as materialized (
    select made.id as drop_id, sku, title, price, position, allocation
    from made, jsonb_to_recordset($19) as item (sku text, title text, price bigint, position int, allocation jsonb)
  ), items as (
    insert into drop_skus (drop_id, sku, title, price_minor, position)
    select drop_id, sku, title, price, position from item
  ), allocations as (
    insert into drop_allocations (drop_id, sku, region, units)
    select drop_id, sku, region, units::int from item, jsonb_each_text(allocation) as given (region, units)
  )
  select id from made`;

/** Writes a drop with its items and their shares. False when there is one with this id already: it stays as it is. */
export async function insertDrop(database: Pool | ClientBase, drop: StoredDrop): Promise<boolean> {
  const { rowCount } = await database.query({
    name: 'insert-drop',
    text: INSERT,
    values: [
      drop.id,
      drop.merchantId,
      drop.revision,
      drop.title,
      drop.currency,
      drop.mode,
      drop.state,
      drop.lobbyOpensAt,
      drop.startsAt,
      drop.endsAt,
      drop.perShopperLimit,
      drop.holdSeconds,
      drop.passSeconds,
      drop.admission.perSecond,
      drop.admission.maxActive,
      JSON.stringify(drop.lanes),
      drop.challenge,
      drop.commit,
      JSON.stringify(drop.skus.map((sku, position) => ({ ...sku, position }))),
    ],
  });
  return rowCount === 1;
}
