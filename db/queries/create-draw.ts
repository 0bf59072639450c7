import type { ClientBase, Pool } from 'pg';
import { commitOf, DRAW_ITERATIONS } from '../../contracts/draw/algorithm.ts';

const CREATE = `
  with committed as (
    update drops set draw_commit = $3 where id = $1 and mode = 'lottery' and coalesce(draw_commit, $3) = $3
    returning id
  )
  insert into draw_seeds (drop_id, seed, commit, iterations)
  select id, $2, $3, $4 from committed
  on conflict (drop_id) do nothing`;

export interface NewDraw {
  readonly dropId: string;
  /** 32 random bytes, of nobody's choosing. */
  readonly seed: Uint8Array;
  readonly iterations?: number;
}

/**
 * Commits a lottery drop to the seed of its draw; only then can it be published. In the transaction that schedules the
 * drop. False when it is no lottery, or is committed to a seed already.
 */
export async function createDraw(database: Pool | ClientBase, draw: NewDraw): Promise<boolean> {
  const { dropId, seed, iterations = DRAW_ITERATIONS } = draw;
  const { rowCount } = await database.query({
    name: 'create-draw',
    text: CREATE,
    values: [dropId, Buffer.from(seed), commitOf(seed), iterations],
  });
  return rowCount === 1;
}
