import type { ClientBase, Pool } from 'pg';

export interface StoredModel {
  readonly version: number;
  readonly trainedAt: Date;
  readonly isActive: boolean;
  /** To be checked by who reads it: another version of the code may have written it. */
  readonly model: unknown;
  readonly report: unknown;
}

const COLUMNS = 'version, trained_at as "trainedAt", is_active as "isActive", model, report';

export async function findActiveModel(database: Pool | ClientBase): Promise<StoredModel | undefined> {
  const text = `select ${COLUMNS} from fraud_models where is_active`;
  return (await database.query<StoredModel>({ name: 'find-active-fraud-model', text })).rows[0];
}

/** The newest first. */
export async function listModels(database: Pool | ClientBase, limit: number): Promise<StoredModel[]> {
  const text = `select ${COLUMNS} from fraud_models order by version desc limit $1`;
  return (await database.query<StoredModel>(text, [limit])).rows;
}

/** Its version. Inside the caller's transaction where it becomes the active one, instead of the one before. */
export async function insertModel(
  client: ClientBase,
  { model, report, isActive }: { readonly model: object; readonly report: object; readonly isActive: boolean },
): Promise<number> {
  if (isActive) await client.query('update fraud_models set is_active = false where is_active');
  const { rows } = await client.query<{ version: number }>(
    'insert into fraud_models (model, report, is_active) values ($1, $2, $3) returning version',
    [JSON.stringify(model), JSON.stringify(report), isActive],
  );
  const version = rows[0]?.version;
  if (version === undefined) throw new Error('A model that was written has no version.');
  return version;
}
