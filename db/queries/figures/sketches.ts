/** Sketches of how many different shoppers came to a step. */
import type { ClientBase, Pool } from 'pg';
import type { FunnelStage } from '../../../contracts/figure-rows.ts';

export interface SketchKey {
  readonly merchantId: string;
  /** As 2026-11-21, of UTC. */
  readonly day: string;
  readonly stage: FunnelStage;
}

export interface StoredSketch extends SketchKey {
  readonly sketch: Uint8Array;
}

const columns = (keys: readonly SketchKey[]) => [
  keys.map(({ merchantId }) => merchantId),
  keys.map(({ day }) => day),
  keys.map(({ stage }) => stage),
];

/** Those of these that there are, held until the transaction ends; what is missing is made, empty, beforehand. */
export async function lockSketches(
  client: ClientBase,
  keys: readonly SketchKey[],
  empty: Uint8Array,
): Promise<StoredSketch[]> {
  await client.query({
    name: 'figures-begin-sketches',
    text: `insert into figure_shoppers (merchant_id, day, stage, sketch)
      select merchant_id, day, stage, $4 from unnest($1::uuid[], $2::date[], $3::text[]) as given (merchant_id, day, stage)
      order by 1, 2, 3 on conflict do nothing`,
    values: [...columns(keys), Buffer.from(empty)],
  });
  const { rows } = await client.query<StoredSketch>({
    name: 'figures-lock-sketches',
    text: `select s.merchant_id as "merchantId", to_char(s.day, 'YYYY-MM-DD') as day, s.stage, s.sketch
      from figure_shoppers s
      join unnest($1::uuid[], $2::date[], $3::text[]) as given (merchant_id, day, stage) using (merchant_id, day, stage)
      order by s.merchant_id, s.day, s.stage for update of s`,
    values: columns(keys),
  });
  return rows;
}

export async function writeSketches(client: ClientBase, sketches: readonly StoredSketch[]): Promise<void> {
  if (sketches.length === 0) return;
  await client.query({
    name: 'figures-write-sketches',
    text: `update figure_shoppers s set sketch = given.sketch
      from unnest($1::uuid[], $2::date[], $3::text[], $4::bytea[]) as given (merchant_id, day, stage, sketch)
      where s.merchant_id = given.merchant_id and s.day = given.day and s.stage = given.stage`,
    values: [...columns(sketches), sketches.map(({ sketch }) => Buffer.from(sketch))],
  });
}

/** Of these days, both included. */
export async function findSketches(
  database: Pool,
  merchantId: string,
  { fromDay, untilDay }: { readonly fromDay: string; readonly untilDay: string },
): Promise<StoredSketch[]> {
  const { rows } = await database.query<StoredSketch>({
    name: 'figures-find-sketches',
    text: `select merchant_id as "merchantId", to_char(day, 'YYYY-MM-DD') as day, stage, sketch from figure_shoppers
      where merchant_id = $1 and day between $2::date and $3::date`,
    values: [merchantId, fromDay, untilDay],
  });
  return rows;
}

export async function forgetSketches(database: Pool, beforeMs: number): Promise<void> {
  await database.query(
    `delete from figure_shoppers where day < (to_timestamp($1::float8 / 1000) at time zone 'utc')::date`,
    [beforeMs],
  );
}
