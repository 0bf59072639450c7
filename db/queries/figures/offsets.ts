/** How far each partition is counted, and which events are. */
import type { ClientBase, Pool } from 'pg';
import { exact } from '../../exact.ts';

/*
 * Counting shares this lock, counting anew from the orders takes it alone: what one of them has not committed yet the
 * other would not see.
 */
const COUNTING_LOCK = `hashtext('figures')`;

/** Until the transaction ends nobody else counts. */
export async function lockCounting(client: ClientBase): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(${COUNTING_LOCK})`);
}

/** The first offset that is not counted. Holds the partition, and the right to count, until the transaction ends. */
export async function lockOffset(client: ClientBase, topic: string, partition: number): Promise<number> {
  await client.query(`select pg_advisory_xact_lock_shared(${COUNTING_LOCK})`);
  await client.query({
    name: 'figures-begin-offset',
    text: 'insert into figure_offsets (topic, partition, next_offset) values ($1, $2, 0) on conflict do nothing',
    values: [topic, partition],
  });
  const { rows } = await client.query<{ next: string | number }>({
    name: 'figures-lock-offset',
    text: 'select next_offset as next from figure_offsets where topic = $1 and partition = $2 for update',
    values: [topic, partition],
  });
  return exact(rows[0]?.next ?? 0);
}

export async function moveOffset(client: ClientBase, topic: string, partition: number, next: number): Promise<void> {
  await client.query({
    name: 'figures-move-offset',
    text: 'update figure_offsets set next_offset = $3, updated_at = now() where topic = $1 and partition = $2',
    values: [topic, partition, next],
  });
}

/** Notes that these are counted, and says which of them were not before. */
export async function claimEvents(client: ClientBase, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await client.query<{ id: string }>({
    name: 'figures-claim-events',
    text: `insert into figures_counted (event_id) select distinct id from unnest($1::uuid[]) as given (id) order by id
      on conflict do nothing returning event_id as id`,
    values: [ids],
  });
  return new Set(rows.map(({ id }) => id));
}

/** Says how many it forgot: a full batch means that there may be more. */
export async function forgetEvents(database: Pool, beforeMs: number, limit: number): Promise<number> {
  const { rowCount } = await database.query({
    name: 'figures-forget-events',
    text: `delete from figures_counted where event_id = any (array(
      select event_id from figures_counted where counted_at < to_timestamp($1::float8 / 1000) order by counted_at limit $2
    ))`,
    values: [beforeMs, limit],
  });
  return rowCount ?? 0;
}
