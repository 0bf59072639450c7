import type { ClientBase } from 'pg';

export interface Moved {
  readonly id: string;
  readonly slug: string;
}

/**
 * Takes what a merchant sells out of the shop, to be put back when they are reinstated. Their row has to say that they are
 * suspended first: the database then lets nothing of theirs become active again.
 */
export async function withholdProducts(client: ClientBase, merchantId: string): Promise<Moved[]> {
  const { rows } = await client.query<Moved>({
    name: 'withhold-products',
    text: `
      update products set status = 'draft', is_withheld = true, version = version + 1, updated_at = now()
      where merchant_id = $1 and status = 'active' returning id, slug`,
    values: [merchantId],
  });
  return rows;
}

/** Puts back what was taken away by a suspension, and nothing that was archived or left as a draft. */
export async function releaseProducts(client: ClientBase, merchantId: string): Promise<Moved[]> {
  const { rows } = await client.query<Moved>({
    name: 'release-products',
    text: `
      update products set is_withheld = false, version = version + 1, updated_at = now(),
        status = case when status = 'draft' then 'active' else status end
      where merchant_id = $1 and is_withheld returning id, slug`,
    values: [merchantId],
  });
  return rows;
}
