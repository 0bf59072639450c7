import type { ClientBase, Pool } from 'pg';
import type { FlagState } from '../../../contracts/flags.ts';
import { epochMs } from '../../product-rows.ts';

export interface StoredFlag {
  readonly name: string;
  readonly state: FlagState;
  readonly updatedAt: number;
  readonly updatedBy: string | null;
}

/** Those that were ever switched: at most one for each name that there was. */
export async function listFlags(database: Pool | ClientBase): Promise<StoredFlag[]> {
  const { rows } = await database.query<StoredFlag>({
    name: 'list-flags',
    text: `
      select name, state, ${epochMs('updated_at')} as "updatedAt", updated_by as "updatedBy" from feature_flags limit 1000`,
  });
  return rows;
}

export async function switchFlag(client: ClientBase, name: string, state: FlagState, actorId: string): Promise<void> {
  await client.query({
    name: 'switch-flag',
    text: `
      insert into feature_flags (name, state, updated_by) values ($1, $2, $3)
      on conflict (name) do update set state = $2, updated_by = $3, updated_at = now()`,
    values: [name, state, actorId],
  });
}
