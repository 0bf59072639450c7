import type { ClientBase } from 'pg';
import { LIMITS } from '../../../contracts/limits.ts';

export interface WaitingReviews {
  readonly count: number;
  readonly underHour: number;
  readonly underDay: number;
  readonly older: number;
  readonly oldestAtMs: number | null;
}

const COUNT = `
  select count(*)::int as count,
    count(*) filter (where opened_at > $1::timestamptz - interval '1 hour')::int as "underHour",
    count(*) filter (
      where opened_at <= $1::timestamptz - interval '1 hour' and opened_at > $1::timestamptz - interval '1 day'
    )::int as "underDay",
    count(*) filter (where opened_at <= $1::timestamptz - interval '1 day')::int as older,
    round(extract(epoch from min(opened_at)) * 1000)::float8 as "oldestAtMs"
  from (select order_id, opened_at from order_reviews where decision is null order by opened_at limit $2) r
  where exists (select from orders where id = r.order_id and status = 'REVIEW')`;

/** How many orders wait for a decision, and for how long. Of very many, those that have waited longest. */
export async function countReviews(client: ClientBase, now: Date): Promise<WaitingReviews> {
  const { rows } = await client.query<WaitingReviews>({
    name: 'count-reviews',
    text: COUNT,
    values: [now, LIMITS.reviewsCounted],
  });
  return rows[0] ?? { count: 0, underHour: 0, underDay: 0, older: 0, oldestAtMs: null };
}
