import type { Pool } from 'pg';

export interface StoredRating {
  readonly distribution: readonly [number, number, number, number, number];
  /** How many of them are of who bought it. */
  readonly verified: number;
}

const NOTHING: StoredRating = { distribution: [0, 0, 0, 0, 0], verified: 0 };
const DISTRIBUTION = 'array[stars_1, stars_2, stars_3, stars_4, stars_5] as distribution';

export async function findProductRating(database: Pool, productId: string): Promise<StoredRating> {
  const text = `select ${DISTRIBUTION}, verified from product_ratings where product_id = $1::uuid`;
  return (await database.query<StoredRating>({ name: 'product-rating', text, values: [productId] })).rows[0] ?? NOTHING;
}

export interface MerchantRating extends StoredRating {
  readonly name: string;
}

/** Undefined for who sells nothing here. */
export async function findMerchantRating(database: Pool, merchantId: string): Promise<MerchantRating | undefined> {
  const text = `
    select coalesce(m.name, '') as name, coalesce(r.distribution, '{0,0,0,0,0}') as distribution,
      coalesce(r.verified, 0) as verified
    from users u left join merchants m on m.user_id = u.id left join lateral (
      select ${DISTRIBUTION}, stars_1 + stars_2 + stars_3 + stars_4 + stars_5 as verified
      from merchant_ratings where merchant_id = u.id
    ) r on true
    where u.id = $1::uuid and u.role = 'merchant'`;
  return (await database.query<MerchantRating>({ name: 'merchant-rating', text, values: [merchantId] })).rows[0];
}
