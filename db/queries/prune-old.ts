import type { Pool } from 'pg';

/** A row at a time would be slow, all at once would hold locks and bloat the log: so many a statement. */
const PRUNE = {
  notices: `
    delete from notices where event_id = any (array(
      select event_id from notices where sent_at < to_timestamp($1::double precision / 1000) order by sent_at limit $2
    ))`,
  webhook_events: `
    delete from webhook_events where ctid = any (array(
      select ctid from webhook_events where received_at < to_timestamp($1::double precision / 1000)
      order by received_at limit $2
    ))`,
  // Their refresh tokens go with them.
  sessions: `
    delete from sessions where id = any (array(
      select id from sessions where expires_at < to_timestamp($1::double precision / 1000) order by expires_at limit $2
    ))`,
  idempotency_keys: `
    delete from idempotency_keys where ctid = any (array(
      select ctid from idempotency_keys where expires_at < to_timestamp($1::double precision / 1000)
      order by expires_at limit $2
    ))`,
  // Found by the time inside their ids. An order keeps what it needs; what stays here is a name and an address for nothing.
  checkouts: `
    delete from checkouts where id = any (array(
      select id from checkouts
      where status <> 'OPEN' and id < (lpad(to_hex($1::double precision::bigint), 12, '0') || repeat('0', 20))::uuid
      order by id limit $2
    ))`,
} as const;

export type PrunedTable = keyof typeof PRUNE;
export const PRUNED_TABLES = [
  'notices',
  'webhook_events',
  'sessions',
  'idempotency_keys',
] as const satisfies readonly PrunedTable[];

/** Deletes rows from before a time, no more than `limit`; says how many. */
export async function pruneOld(database: Pool, table: PrunedTable, beforeMs: number, limit: number): Promise<number> {
  const { rowCount } = await database.query({ name: `prune-${table}`, text: PRUNE[table], values: [beforeMs, limit] });
  return rowCount ?? 0;
}
