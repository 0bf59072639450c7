import type { ClientBase, Pool } from 'pg';
import { type DropRow, dropOfRow, SELECT_DROPS, type StoredDrop } from '../drop-rows.ts';

export interface DropFilter {
  readonly states: readonly StoredDrop['state'][];
  /** Only the drops of this merchant. */
  readonly merchantId?: string;
  /** The id that the page before ended with: newer drops come first. */
  readonly before?: string;
  readonly limit: number;
}

export async function listDrops(database: Pool | ClientBase, filter: DropFilter): Promise<StoredDrop[]> {
  const { rows } = await database.query<DropRow>({
    name: 'list-drops',
    text: `${SELECT_DROPS}
      where state = any ($1::drop_state[])
        and ($2::uuid is null or merchant_id = $2)
        and ($3::uuid is null or id < $3)
      order by id desc limit $4`,
    values: [[...filter.states], filter.merchantId ?? null, filter.before ?? null, filter.limit],
  });
  return rows.map(dropOfRow);
}
