import type { ClientBase } from 'pg';

export interface OutboxEvent {
  readonly topic: string;
  readonly key: string;
  readonly text: string;
}

/** Events that leave with the caller's transaction. */
export async function insertOutbox(client: ClientBase, events: readonly OutboxEvent[]): Promise<void> {
  if (events.length === 0) return;
  await client.query({
    name: 'insert-outbox',
    text: 'insert into outbox (topic, key, payload) select * from unnest($1::text[], $2::text[], $3::text[])',
    values: [events.map(({ topic }) => topic), events.map(({ key }) => key), events.map(({ text }) => text)],
  });
}
