import type { ClientBase, Pool } from 'pg';
import { type DropRow, dropOfRow, SELECT_DROPS, type StoredDrop } from '../drop-rows.ts';

export async function findDrop(database: Pool | ClientBase, dropId: string): Promise<StoredDrop | undefined> {
  const { rows } = await database.query<DropRow>({
    name: 'find-drop',
    text: `${SELECT_DROPS} where id = $1`,
    values: [dropId],
  });
  return rows[0] === undefined ? undefined : dropOfRow(rows[0]);
}
