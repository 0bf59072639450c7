import type { ClientBase, Pool } from 'pg';

export interface NoticeRow {
  readonly eventId: string;
  readonly userId: string;
  readonly template: string;
}

const RECORD = `
  insert into notices (event_id, user_id, template) values ($1, $2, $3)
  on conflict (event_id) do nothing`;

/**
 * Writes that the notice of an event is mailed; false when it was before. Two that do so at once take turns: the second
 * waits for the end of the first one's transaction.
 */
export async function recordNotice(client: ClientBase, { eventId, userId, template }: NoticeRow): Promise<boolean> {
  const { rowCount } = await client.query({ name: 'record-notice', text: RECORD, values: [eventId, userId, template] });
  return rowCount === 1;
}

const MAILED = 'select event_id as "eventId" from notices where event_id = any ($1::uuid[])';

/** Which of these events were mailed. */
export async function findMailed(
  database: Pool | ClientBase,
  eventIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await database.query<{ eventId: string }>({ name: 'find-mailed', text: MAILED, values: [eventIds] });
  return new Set(rows.map(({ eventId }) => eventId));
}
