import type { ClientBase } from 'pg';
import { exact } from '../exact.ts';

export interface OutboxRow {
  readonly position: number;
  readonly topic: string;
  readonly key: string;
  readonly payload: string;
}

/*
 * Deleting is the mark: one write a row, and the table holds only what is still to be sent. A rollback puts rows back.
 * One taker at a time, by the lock: with FOR UPDATE SKIP LOCKED a second one could publish a later event of an order
 * before the first has published the earlier one. It is given back with the transaction, so a taker that dies frees it.
 */
const TAKE = `
  with turn as materialized (
    select pg_try_advisory_xact_lock(hashtext('outbox'), 0) as mine
  )
  delete from outbox where position = any (array(
    select position from outbox where (select mine from turn) order by position limit $1
  ))
  returning position, topic, key, payload`;

/**
 * Takes the oldest events out of the outbox, in order, inside the caller's transaction: publish them, then commit.
 * Nothing is taken while another transaction holds what it took.
 */
export async function takeOutbox(client: ClientBase, limit: number): Promise<OutboxRow[]> {
  const { rows } = await client.query<Omit<OutboxRow, 'position'> & { position: string | number }>({
    name: 'take-outbox',
    text: TAKE,
    values: [limit],
  });
  return rows.map((row) => ({ ...row, position: exact(row.position) })).sort((a, b) => a.position - b.position);
}
