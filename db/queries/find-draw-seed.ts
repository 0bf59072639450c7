import type { ClientBase, Pool } from 'pg';

/** Secret until the draw is stored: for the worker that draws, and for nobody else. */
export interface DrawSeed {
  readonly seed: Buffer;
  readonly commit: string;
  readonly iterations: number;
}

export async function findDrawSeed(database: Pool | ClientBase, dropId: string): Promise<DrawSeed | undefined> {
  const { rows } = await database.query<DrawSeed>({
    name: 'find-draw-seed',
    text: 'select seed, commit, iterations from draw_seeds where drop_id = $1',
    values: [dropId],
  });
  return rows[0];
}
