import type { ClientBase, Pool } from 'pg';

export interface DrawRoot {
  readonly dropId: string;
  readonly commit: string;
  readonly algorithm: string;
  readonly iterations: number;
  readonly entrants: number;
  readonly root: Uint8Array;
}

export interface ToldRoot {
  readonly root: Buffer;
  readonly entrants: number;
  readonly isDrawn: boolean;
}

const TELL = `
  with told as (
    insert into draws (drop_id, commit, algorithm, iterations, entrants, root) values ($1, $2, $3, $4, $5, $6)
    on conflict (drop_id) do nothing
    returning root, entrants, false as "isDrawn"
  )
  select * from told
  union all
  select root, entrants, drawn_at is not null from draws where drop_id = $1 and not exists (select from told)`;

/** Writes down the root of the final list, once; answers with the one that is written, which is the first. */
export async function tellDrawRoot(database: Pool | ClientBase, draw: DrawRoot): Promise<ToldRoot> {
  const { dropId, commit, algorithm, iterations, entrants, root } = draw;
  const values = [dropId, commit, algorithm, iterations, entrants, Buffer.from(root)];
  const { rows } = await database.query<ToldRoot>({ name: 'tell-draw-root', text: TELL, values });
  // Nothing comes back where another leader wrote it between the two halves of the statement: it is there now.
  const told = rows[0] ?? (await database.query<ToldRoot>({ name: 'tell-draw-root', text: TELL, values })).rows[0];
  if (told === undefined) throw new Error(`the root of the draw of ${dropId} is not there although it was written`);
  return told;
}
