/** Changes of drops, each inside the transaction in which its row was locked. */
import type { ClientBase } from 'pg';
import type { StoredDrop } from '../../drop-rows.ts';

type Content = Omit<StoredDrop, 'revision' | 'state' | 'commit' | 'merchantId'>;

/** Everything but what it sells: a draft's items are replaced beside it. */
const CHANGE = `
  update drops set title = $2, currency = $3, mode = $4, lobby_opens_at = to_timestamp($5::float8 / 1000),
    starts_at = to_timestamp($6::float8 / 1000), ends_at = to_timestamp($7::float8 / 1000), per_shopper_limit = $8,
    hold_seconds = $9, pass_seconds = $10, admissions_per_second = $11, max_active_passes = $12, lanes = $13,
    challenge = $14, revision = revision + 1, updated_at = now()
  where id = $1`;

export async function changeDrop(client: ClientBase, drop: Content): Promise<void> {
  const { id, title, currency, mode, lobbyOpensAt, startsAt, endsAt, perShopperLimit, admission, lanes } = drop;
  await client.query({
    name: 'change-drop',
    text: CHANGE,
    values: [
      ...[id, title, currency, mode, lobbyOpensAt, startsAt, endsAt, perShopperLimit, drop.holdSeconds],
      ...[drop.passSeconds, admission.perSecond, admission.maxActive, JSON.stringify(lanes), drop.challenge],
    ],
  });
}

const REPLACE_ITEMS = `
  with item as materialized (
    select sku, title, price, position, allocation
    from jsonb_to_recordset($2) as item (sku text, title text, price bigint, position int, allocation jsonb)
  ), items as (
    insert into drop_skus (drop_id, sku, title, price_minor, position) select $1, sku, title, price, position from item
  )
  insert into drop_allocations (drop_id, sku, region, units)
  select $1, sku, region, units::int from item, jsonb_each_text(allocation) as given (region, units)`;

/** Of a draft only: nobody has been given anything yet. */
export async function replaceItems(client: ClientBase, { id, skus }: Pick<Content, 'id' | 'skus'>): Promise<void> {
  await removeItems(client, id);
  const items = JSON.stringify(skus.map((sku, position) => ({ ...sku, position })));
  await client.query({ name: 'replace-drop-items', text: REPLACE_ITEMS, values: [id, items] });
}

async function removeItems(client: ClientBase, dropId: string): Promise<void> {
  await client.query('delete from drop_allocations where drop_id = $1', [dropId]);
  await client.query('delete from drop_skus where drop_id = $1', [dropId]);
}

export async function removeDraft(client: ClientBase, dropId: string): Promise<void> {
  await removeItems(client, dropId);
  await client.query(`delete from drops where id = $1 and state = 'draft'`, [dropId]);
}

export async function setDropState(client: ClientBase, dropId: string, state: StoredDrop['state']): Promise<void> {
  await client.query({
    name: 'set-drop-state',
    text: 'update drops set state = $2, revision = revision + 1, updated_at = now() where id = $1',
    values: [dropId, state],
  });
}
