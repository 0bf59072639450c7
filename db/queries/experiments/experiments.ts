/** Experiments with recommendations: made, started, stopped. */
import type { ClientBase, Pool } from 'pg';
import { epochMs } from '../../product-rows.ts';

export type ExperimentState = 'draft' | 'running' | 'stopped';

export interface StoredExperiment {
  readonly name: string;
  readonly state: ExperimentState;
  /** As it was written: who reads it checks it. */
  readonly arms: unknown;
  readonly note: string;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly stoppedAt: number | null;
}

const COLUMNS = `name, state, arms, note, ${epochMs('created_at')} as "createdAt", ${epochMs('started_at')} as "startedAt",
  ${epochMs('stopped_at')} as "stoppedAt"`;

export async function listExperiments(
  database: Pool | ClientBase,
  page: { readonly after: string | null; readonly limit: number },
): Promise<StoredExperiment[]> {
  const { rows } = await database.query<StoredExperiment>({
    name: 'list-experiments',
    text: `
      select ${COLUMNS} from recommendation_experiments where $1::text is null or name > $1 order by name limit $2`,
    values: [page.after, page.limit],
  });
  return rows;
}

export async function findExperiment(database: Pool | ClientBase, name: string): Promise<StoredExperiment | undefined> {
  const { rows } = await database.query<StoredExperiment>({
    name: 'find-experiment',
    text: `select ${COLUMNS} from recommendation_experiments where name = $1`,
    values: [name],
  });
  return rows[0];
}

export async function findRunningExperiment(database: Pool): Promise<StoredExperiment | undefined> {
  const { rows } = await database.query<StoredExperiment>({
    name: 'find-running-experiment',
    text: `select ${COLUMNS} from recommendation_experiments where state = 'running' limit 1`,
  });
  return rows[0];
}

/** False where there is one of this name already, or there are as many as there may be. */
export async function insertExperiment(
  client: ClientBase,
  made: { name: string; arms: unknown; note: string; createdBy: string; most: number },
): Promise<'made' | 'taken' | 'too-many'> {
  const { rows } = await client.query<{ count: number }>({
    name: 'count-experiments',
    text: 'select count(*)::int as count from recommendation_experiments',
  });
  if ((rows[0]?.count ?? 0) >= made.most) return 'too-many';
  const { rowCount } = await client.query({
    name: 'insert-experiment',
    text: `
      insert into recommendation_experiments (name, arms, note, created_by) values ($1, $2, $3, $4)
      on conflict (name) do nothing`,
    values: [made.name, JSON.stringify(made.arms), made.note, made.createdBy],
  });
  return rowCount === 1 ? 'made' : 'taken';
}

export type Stepped = 'done' | 'not-there' | 'not-now' | 'another-runs';

/** Asked for again, it changes nothing. One that was stopped does not start again: its shoppers have seen other arms. */
export async function stepExperiment(client: ClientBase, name: string, to: 'running' | 'stopped'): Promise<Stepped> {
  // Starts wait for one another, so that the second finds the first running.
  await client.query({ text: `select pg_advisory_xact_lock(hashtext('recommendation_experiments'))` });
  const before = await findExperiment(client, name);
  if (before === undefined) return 'not-there';
  if (before.state === to) return 'done';
  if (before.state !== (to === 'running' ? 'draft' : 'running')) return 'not-now';
  if (to === 'running') {
    const { rowCount } = await client.query(
      `select from recommendation_experiments where state = 'running' and name <> $1`,
      [name],
    );
    if (rowCount !== 0) return 'another-runs';
  }
  await client.query({
    name: `step-experiment-${to}`,
    text:
      to === 'running'
        ? `update recommendation_experiments set state = 'running', started_at = now() where name = $1`
        : `update recommendation_experiments set state = 'stopped', stopped_at = now() where name = $1`,
    values: [name],
  });
  return 'done';
}
