import type { ClientBase, Pool } from 'pg';

/** What the public may know of a draw. The seed and what follows from it are null until the draw is stored. */
export interface Fairness {
  readonly commit: string;
  readonly iterations: number;
  readonly startsAt: Date;
  readonly closed: ClosedDraw | null;
}

export interface ClosedDraw {
  readonly algorithm: string;
  readonly entrants: number;
  readonly root: Buffer;
  readonly toldAt: Date;
  readonly drawn: DrawnDraw | null;
}

export interface DrawnDraw {
  readonly seed: Buffer;
  readonly placesRoot: Buffer;
  readonly drawnAt: Date;
}

interface Row {
  readonly commit: string;
  readonly iterations: number;
  readonly startsAt: Date;
  readonly algorithm: string | null;
  readonly entrants: number;
  readonly root: Buffer;
  readonly toldAt: Date;
  readonly drawnAt: Date | null;
  readonly seed: Buffer;
  readonly placesRoot: Buffer;
}

/** From draw_seeds only what is public from the beginning. */
const FIND = `
  select secret.commit, secret.iterations, drops.starts_at as "startsAt",
    draws.algorithm, draws.entrants, draws.root, draws.told_at as "toldAt", draws.drawn_at as "drawnAt",
    draws.seed, draws.places_root as "placesRoot"
  from drops join draw_seeds secret on secret.drop_id = drops.id left join draws on draws.drop_id = drops.id
  where drops.id = $1 and drops.state <> 'draft'`;

/** Undefined for a drop that is unknown, a draft, or has no draw. */
export async function findFairness(database: Pool | ClientBase, dropId: string): Promise<Fairness | undefined> {
  const { rows } = await database.query<Row>({ name: 'find-fairness', text: FIND, values: [dropId] });
  const row = rows[0];
  if (row === undefined) return undefined;
  const { commit, iterations, startsAt, algorithm, entrants, root, toldAt } = row;
  const closed = algorithm === null ? null : { algorithm, entrants, root, toldAt, drawn: drawnOf(row) };
  return { commit, iterations, startsAt, closed };
}

function drawnOf({ drawnAt, seed, placesRoot }: Row): DrawnDraw | null {
  return drawnAt === null ? null : { seed, placesRoot, drawnAt };
}
