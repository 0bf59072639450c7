/** Deletes what was only kept so that nothing is counted twice, a bounded number at once. Says how much the fullest was. */
import type { Pool } from 'pg';

export async function pruneOutcomes(
  database: Pool,
  before: { readonly firstKeptEventId: string; readonly clickedBeforeMs: number; readonly doneBeforeMs: number },
  limit: number,
): Promise<number> {
  const { rows } = await database.query<{ most: number }>({
    name: 'recommendation-prune-outcomes',
    text: `
      with events as (
        delete from recommendation_events where event_id in (
          select event_id from recommendation_events where event_id < $1 order by event_id limit $4
        ) returning 1
      ), clicks as (
        delete from recommendation_clicks where (experiment, shopper_id, product_id) in (
          select experiment, shopper_id, product_id from recommendation_clicks
          where clicked_at < to_timestamp($2::float8 / 1000) order by clicked_at limit $4
        ) returning 1
      ), orders as (
        delete from recommendation_orders where order_id in (
          select order_id from recommendation_orders
          where done_at < to_timestamp($3::float8 / 1000) order by done_at limit $4
        ) returning 1
      )
      select greatest(
        (select count(*) from events), (select count(*) from clicks), (select count(*) from orders)
      )::int as most`,
    values: [before.firstKeptEventId, before.clickedBeforeMs, before.doneBeforeMs, limit],
  });
  return rows[0]?.most ?? 0;
}
