/** Counts what shoppers of an experiment were shown and clicked: each event once, however often Kafka brings it. */
import type { ClientBase } from 'pg';

/** The ids that were not counted before. */
export async function takeNewEvents(client: ClientBase, eventIds: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ id: string }>({
    name: 'recommendation-events-take',
    text: `
      insert into recommendation_events (event_id) select distinct unnest($1::uuid[])
      on conflict do nothing returning event_id as id`,
    values: [[...eventIds]],
  });
  return new Set(rows.map(({ id }) => id));
}

export interface Counted {
  readonly experiment: string;
  readonly arm: string;
  readonly shopperId: string;
  /** As 2026-11-21. */
  readonly day: string;
  readonly count: number;
}

export interface Clicked {
  readonly experiment: string;
  readonly arm: string;
  readonly shopperId: string;
  readonly productId: string;
  readonly day: string;
  readonly atMs: number;
}

/*
 * In the order of their keys, so that two batches with the same shoppers wait for one another in turn. What goes beyond
 * the most that one shopper counts for is in neither of the two sums.
 */
export async function countShown(client: ClientBase, rows: readonly Counted[], most: number): Promise<void> {
  if (rows.length === 0) return;
  await client.query({
    name: 'recommendation-count-shown',
    text: `
      with given as (
        select experiment, arm, shopper_id, min(day) as day, sum(count)::integer as count
        from unnest($1::text[], $2::text[], $3::uuid[], $4::date[], $5::integer[]) as row (experiment, arm, shopper_id, day, count)
        where exists (select from recommendation_experiments e where e.name = row.experiment)
        group by experiment, arm, shopper_id order by experiment, shopper_id
      ), counted as (
        insert into recommendation_exposures as known (experiment, shopper_id, arm, shown)
        select distinct on (experiment, shopper_id) experiment, shopper_id, arm, least(count, $6) from given
        on conflict (experiment, shopper_id) do update set shown = least($6, known.shown + excluded.shown)
        returning new.experiment, new.arm, new.shopper_id, new.shown - coalesce(old.shown, 0) as more
      )
      insert into recommendation_outcomes as known (experiment, arm, day, shown)
      select c.experiment, c.arm, g.day, sum(c.more)
      from counted c join given g on (g.experiment, g.shopper_id, g.arm) = (c.experiment, c.shopper_id, c.arm)
      where c.more > 0 group by 1, 2, 3 order by 1, 2, 3
      on conflict (experiment, arm, day) do update set shown = known.shown + excluded.shown`,
    values: [
      ...[rows.map((row) => row.experiment), rows.map((row) => row.arm), rows.map((row) => row.shopperId)],
      ...[rows.map((row) => row.day), rows.map((row) => row.count), most],
    ],
  });
}

/** A product is clicked once by a shopper, as long as an order may come of it. */
export async function countClicked(client: ClientBase, rows: readonly Clicked[], most: number): Promise<void> {
  if (rows.length === 0) return;
  await client.query({
    name: 'recommendation-count-clicked',
    text: `
      with given as (
        select distinct on (experiment, shopper_id, product_id) experiment, arm, shopper_id, product_id, day, at
        from unnest($1::text[], $2::text[], $3::uuid[], $4::uuid[], $5::date[], $6::float8[])
          as row (experiment, arm, shopper_id, product_id, day, at)
        where exists (select from recommendation_experiments e where e.name = row.experiment)
        order by experiment, shopper_id, product_id, at desc
      ), clicks as (
        insert into recommendation_clicks as known (experiment, shopper_id, product_id, arm, clicked_at)
        select experiment, shopper_id, product_id, arm, to_timestamp(at / 1000) from given
        on conflict (experiment, shopper_id, product_id)
          do update set clicked_at = greatest(known.clicked_at, excluded.clicked_at)
        returning new.experiment, new.arm, new.shopper_id, new.product_id, old.product_id is null as is_new
      ), fresh as (
        select c.experiment, c.arm, c.shopper_id, min(g.day) as day, count(*)::integer as count
        from clicks c join given g on (g.experiment, g.shopper_id, g.product_id) = (c.experiment, c.shopper_id, c.product_id)
        where c.is_new group by 1, 2, 3 order by 1, 3
      ), counted as (
        insert into recommendation_exposures as known (experiment, shopper_id, arm, clicked)
        select distinct on (experiment, shopper_id) experiment, shopper_id, arm, least(count, $7) from fresh
        on conflict (experiment, shopper_id) do update set clicked = least($7, known.clicked + excluded.clicked)
        returning new.experiment, new.arm, new.shopper_id, new.clicked - coalesce(old.clicked, 0) as more
      )
      insert into recommendation_outcomes as known (experiment, arm, day, clicked)
      select c.experiment, c.arm, f.day, sum(c.more)
      from counted c join fresh f on (f.experiment, f.shopper_id, f.arm) = (c.experiment, c.shopper_id, c.arm)
      where c.more > 0 group by 1, 2, 3 order by 1, 2, 3
      on conflict (experiment, arm, day) do update set clicked = known.clicked + excluded.clicked`,
    values: [
      ...[rows.map((row) => row.experiment), rows.map((row) => row.arm), rows.map((row) => row.shopperId)],
      ...[rows.map((row) => row.productId), rows.map((row) => row.day), rows.map((row) => row.atMs), most],
    ],
  });
}
