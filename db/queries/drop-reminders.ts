import type { ClientBase, Pool } from 'pg';
import { exact } from '../exact.ts';
import { epochMs } from '../product-rows.ts';

export interface DueReminder {
  readonly dropId: string;
  readonly userId: string;
  readonly title: string;
  readonly startsAtMs: number;
}

// SKIP LOCKED: schedulers in several processes divide the work among them, and none waits for another.
const TAKE = `
  with due as (
    select r.drop_id, r.user_id, d.title, d.starts_at
    from drops d join drop_reminders r on r.drop_id = d.id
    where d.state = 'scheduled' and r.told_at is null
      and d.lobby_opens_at <= to_timestamp($1::double precision / 1000)
      and d.ends_at > to_timestamp($2::double precision / 1000)
    limit $3
    for update of r skip locked
  )
  update drop_reminders r set told_at = to_timestamp($2::double precision / 1000)
  from due where r.drop_id = due.drop_id and r.user_id = due.user_id
  returning r.drop_id as "dropId", r.user_id as "userId", due.title,
    (extract(epoch from due.starts_at) * 1000)::bigint as "startsAtMs"`;

/**
 * Takes reminders of drops whose lobby opens before `openBeforeMs` or is open, and which are not over, as told, inside the
 * caller's transaction: tell them in the same one.
 */
export async function takeDueReminders(
  client: ClientBase,
  { nowMs, openBeforeMs, limit }: { nowMs: number; openBeforeMs: number; limit: number },
): Promise<DueReminder[]> {
  const { rows } = await client.query<Omit<DueReminder, 'startsAtMs'> & { startsAtMs: string | number }>({
    name: 'take-due-reminders',
    text: TAKE,
    values: [openBeforeMs, nowMs, limit],
  });
  return rows.map((row) => ({ ...row, startsAtMs: exact(row.startsAtMs) }));
}

/** A second wish changes nothing, and who was told is not told again. */
export async function addReminder(database: Pool | ClientBase, dropId: string, userId: string): Promise<void> {
  await database.query({
    name: 'add-reminder',
    text: 'insert into drop_reminders (drop_id, user_id) values ($1, $2) on conflict do nothing',
    values: [dropId, userId],
  });
}

/** One that was told stays: asked for again, it would be told twice. */
export async function removeReminder(database: Pool | ClientBase, dropId: string, userId: string): Promise<void> {
  await database.query({
    name: 'remove-reminder',
    text: 'delete from drop_reminders where drop_id = $1 and user_id = $2 and told_at is null',
    values: [dropId, userId],
  });
}

export async function findReminder(
  database: Pool | ClientBase,
  dropId: string,
  userId: string,
): Promise<{ readonly toldAt: number | null } | undefined> {
  const { rows } = await database.query<{ toldAt: number | null }>({
    name: 'find-reminder',
    text: `select ${epochMs('told_at')} as "toldAt" from drop_reminders where drop_id = $1 and user_id = $2`,
    values: [dropId, userId],
  });
  return rows[0];
}

/** Of those that are still to be told; counted up to `most`. */
export async function countReminders(database: Pool | ClientBase, userId: string, most: number): Promise<number> {
  const { rows } = await database.query<{ count: number }>({
    name: 'count-reminders',
    text: `
      select count(*)::int as count from (
        select from drop_reminders where user_id = $1 and told_at is null limit $2
      ) reminders`,
    values: [userId, most],
  });
  return rows[0]?.count ?? 0;
}
