import type { Asking } from '../../platform/connections/postgres-together.ts';

/** What is known of the shoppers of a batch of claims. A shopper of whom nothing is known has no line. */
export type ClaimFact =
  | {
      readonly kind: 'account';
      readonly shopperId: string;
      readonly createdAtMs: number;
      readonly blocked: boolean;
      readonly mailDomain: string | null;
    }
  | { readonly kind: 'flag'; readonly shopperId: string; readonly flag: string }
  | { readonly kind: 'order'; readonly shopperId: string; readonly orderId: string };

interface Row {
  readonly kind: ClaimFact['kind'];
  readonly shopperId: string;
  readonly value: string;
  readonly blocked: boolean;
  readonly domain: string | null;
}

/*
 * Three look-ups by an array of ids, in one round trip: for guests who order for the first time it answers with nothing.
 * The bounds ($2, $3) are ids that say the hour, so that only its month is read. Orders are looked up shopper by shopper:
 * for an array of them PostgreSQL takes it for cheaper to look through all orders of the hour. So it does without the inner
 * limit, which says nothing new.
 */
const FIND = `
  select 'account' as kind, id as "shopperId",
    round(extract(epoch from created_at) * 1000)::text as value, status = 'blocked' as blocked,
    nullif(split_part(email::text, '@', 2), '') as domain
  from users where id = any ($1::uuid[])
  union all
  select 'flag', user_id, flag, false, null from risk_flags
  where user_id = any ($1::uuid[]) and (expires_at is null or expires_at > now())
  union all (
    select 'order', shopper.id, o.id::text, false, null
    from unnest($1::uuid[]) as shopper (id)
    cross join lateral (
      select id from orders where shopper_id = shopper.id and id >= $2::uuid and id <= $3::uuid limit $4::bigint
    ) o
    limit $4::bigint
  )`;

export interface ClaimFactsAsked {
  readonly shopperIds: readonly string[];
  /** Orders with ids from here to there. */
  readonly fromId: string;
  readonly toId: string;
  /** The most orders that are told. */
  readonly orders: number;
}

export async function findClaimFacts(database: Asking, asked: ClaimFactsAsked): Promise<ClaimFact[]> {
  const { shopperIds, fromId, toId, orders } = asked;
  if (shopperIds.length === 0) return [];
  const values = [shopperIds, fromId, toId, orders];
  const { rows } = await database.query<Row>({ name: 'find-claim-facts', text: FIND, values });
  return rows.map(factOf);
}

function factOf({ kind, shopperId, value, blocked, domain }: Row): ClaimFact {
  switch (kind) {
    case 'account':
      return { kind, shopperId, createdAtMs: Number(value), blocked, mailDomain: domain };
    case 'flag':
      return { kind, shopperId, flag: value };
    case 'order':
      return { kind, shopperId, orderId: value };
  }
}
