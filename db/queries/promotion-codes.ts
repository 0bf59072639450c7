import type { ClientBase, Pool } from 'pg';

export interface NewCodes {
  readonly promotionId: string;
  readonly batchId: string;
  readonly codes: readonly { readonly hash: Buffer; readonly ending: string }[];
}

export async function insertCodes(client: ClientBase, { promotionId, batchId, codes }: NewCodes): Promise<void> {
  await client.query({
    name: 'insert-codes',
    text: `
      insert into promotion_codes (promotion_id, batch_id, hash, ending)
      select $1, $2, * from unnest($3::bytea[], $4::text[])`,
    values: [promotionId, batchId, codes.map(({ hash }) => hash), codes.map(({ ending }) => ending)],
  });
}

export interface ListedCode {
  /** The hash as text: it names the code and does not tell it. */
  readonly id: string;
  readonly ending: string;
  readonly batchId: string;
  readonly isUsed: boolean;
}

export async function listCodes(
  database: Pool | ClientBase,
  { promotionId, after, limit }: { promotionId: string; after: string | null; limit: number },
): Promise<ListedCode[]> {
  const { rows } = await database.query<ListedCode>({
    name: 'list-codes',
    text: `
      select encode(c.hash, 'hex') as id, c.ending, c.batch_id as "batchId",
        exists (select from promotion_redemptions r where r.code_hash = c.hash and r.state <> 'released') as "isUsed"
      from promotion_codes c
      where c.promotion_id = $1 and ($2::text is null or c.hash > decode($2, 'hex'))
      order by c.hash limit $3`,
    values: [promotionId, after, limit],
  });
  return rows;
}
