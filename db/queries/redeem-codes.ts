/**
 * The uses of promotions: set aside with a checkout, final with its order, given back when that is cancelled. All of it
 * happens inside the caller's transaction. Two uses at the same instant meet at a row or at a unique index of the
 * database, and one of them is refused.
 */
import type { ClientBase } from 'pg';

export interface PromotionUse {
  readonly promotionId: string;
  /** Of a one-time code. */
  readonly codeHash: Buffer | null;
  readonly discountMinor: number;
  readonly currency: string;
}

export interface Redemption {
  /** The checkout or order: the same one again changes nothing. */
  readonly reference: string;
  readonly userId: string;
  readonly uses: readonly PromotionUse[];
  readonly nowMs: number;
  /** When it is given back unless the order is made. */
  readonly untilMs: number;
}

export type RedemptionProblem = 'ENDED' | 'CODE_USED' | 'LIMIT_REACHED' | 'USER_LIMIT_REACHED' | 'GIVEN_BACK';

export type Redeemed =
  | { readonly ok: true }
  | { readonly ok: false; readonly promotionId: string; readonly problem: RedemptionProblem };

/** All of the uses or none of them. */
export async function redeemCodes(client: ClientBase, redemption: Redemption): Promise<Redeemed> {
  // In the order of the ids, so that two checkouts with the same promotions meet one another in turn.
  const uses = [...redemption.uses].sort((a, b) => (a.promotionId < b.promotionId ? -1 : 1));
  await client.query('savepoint redeem_codes');
  for (const use of uses) {
    const problem = await redeemOne(client, redemption, use);
    if (problem === undefined) continue;
    await client.query('rollback to savepoint redeem_codes');
    return { ok: false, promotionId: use.promotionId, problem };
  }
  await client.query('release savepoint redeem_codes');
  return { ok: true };
}

interface Limits {
  readonly isOpen: boolean;
  readonly hasTotal: boolean;
  readonly perUser: number | null;
}

async function redeemOne(
  client: ClientBase,
  redemption: Redemption,
  use: PromotionUse,
): Promise<RedemptionProblem | undefined> {
  const limits = await limitsOf(client, use.promotionId, redemption.nowMs);
  if (limits === undefined || !limits.isOpen) return 'ENDED';
  const written = await writeRedemption(client, redemption, use, limits);
  if (written !== 'new') return written === 'there' ? undefined : written;
  if (limits.hasTotal && !(await countTotal(client, use.promotionId))) return 'LIMIT_REACHED';
  if (limits.perUser === null) return undefined;
  const counted = await countUser(client, use.promotionId, redemption.userId, limits.perUser);
  return counted ? undefined : 'USER_LIMIT_REACHED';
}

async function limitsOf(client: ClientBase, promotionId: string, nowMs: number): Promise<Limits | undefined> {
  const { rows } = await client.query<Limits>({
    name: 'limits-of-promotion',
    text: `
      select state = 'active'
          and (starts_at is null or starts_at <= to_timestamp($2::float8 / 1000))
          and (ends_at is null or ends_at > to_timestamp($2::float8 / 1000)) as "isOpen",
        total_limit is not null as "hasTotal", per_user_limit as "perUser"
      from promotions where id = $1`,
    values: [promotionId, nowMs],
  });
  return rows[0];
}

async function writeRedemption(
  client: ClientBase,
  { reference, userId, nowMs, untilMs }: Redemption,
  { promotionId, codeHash, discountMinor, currency }: PromotionUse,
  { hasTotal, perUser }: Limits,
): Promise<'new' | 'there' | 'CODE_USED' | 'GIVEN_BACK'> {
  const { rowCount } = await client.query({
    name: 'write-redemption',
    text: `
      insert into promotion_redemptions (
        reference, promotion_id, user_id, code_hash, discount_minor, currency, state, counted_total, counted_user, at, until
      )
      values ($1, $2, $3, $4, $5, $6, 'reserved', $7, $8, to_timestamp($9::float8 / 1000), to_timestamp($10::float8 / 1000))
      on conflict do nothing`,
    values: [
      reference,
      promotionId,
      userId,
      codeHash,
      discountMinor,
      currency,
      hasTotal,
      perUser !== null,
      nowMs,
      untilMs,
    ],
  });
  if (rowCount === 1) return 'new';
  const { rows } = await client.query<{ state: string }>({
    name: 'state-of-redemption',
    text: 'select state from promotion_redemptions where reference = $1 and promotion_id = $2',
    values: [reference, promotionId],
  });
  const state = rows[0]?.state;
  if (state === undefined) return 'CODE_USED';
  return state === 'released' ? 'GIVEN_BACK' : 'there';
}

async function countTotal(client: ClientBase, promotionId: string): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'count-use-of-promotion',
    text: 'update promotions set used = used + 1 where id = $1 and used < total_limit',
    values: [promotionId],
  });
  return rowCount === 1;
}

async function countUser(client: ClientBase, promotionId: string, userId: string, most: number): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'count-use-of-user',
    text: `
      insert into promotion_uses as u (promotion_id, user_id, uses) values ($1, $2, 1)
      on conflict (promotion_id, user_id) do update set uses = u.uses + 1 where u.uses < $3`,
    values: [promotionId, userId, most],
  });
  return rowCount === 1;
}

/** With the order: from now on only a cancellation gives them back. Says how many that were. */
export async function commitRedemption(client: ClientBase, reference: string): Promise<number> {
  const { rowCount } = await client.query({
    name: 'commit-redemption',
    text: `update promotion_redemptions set state = 'committed', until = null where reference = $1 and state = 'reserved'`,
    values: [reference],
  });
  return rowCount ?? 0;
}

const UNDO = `
  with released as (
    update promotion_redemptions set state = 'released', until = null
    where (reference, promotion_id) in (
      select reference, promotion_id from promotion_redemptions
      where reference = any ($1::uuid[]) and state <> 'released'
      order by promotion_id, reference for update
    )
    returning promotion_id, user_id, counted_total, counted_user
  ),
  totals as (
    update promotions p set used = p.used - r.uses
    from (select promotion_id, count(*)::integer as uses from released where counted_total group by promotion_id) r
    where p.id = r.promotion_id
  ),
  users as (
    update promotion_uses u set uses = u.uses - r.uses
    from (
      select promotion_id, user_id, count(*)::integer as uses from released where counted_user group by promotion_id, user_id
    ) r
    where u.promotion_id = r.promotion_id and u.user_id = r.user_id
  )
  select count(*)::integer as count from released`;

/** Gives all uses of a checkout or order back: codes can be used again, limits have room again. A second time does nothing. */
export async function undoRedemption(client: ClientBase, references: readonly string[]): Promise<number> {
  const { rows } = await client.query<{ count: number }>({
    name: 'undo-redemption',
    text: UNDO,
    values: [references],
  });
  return rows[0]?.count ?? 0;
}

/** Takes checkouts whose time is over, to be undone in the same transaction. */
export async function takeDueRedemptions(client: ClientBase, nowMs: number, limit: number): Promise<string[]> {
  const { rows } = await client.query<{ reference: string }>({
    name: 'take-due-redemptions',
    text: `
      select reference from promotion_redemptions
      where state = 'reserved' and until <= to_timestamp($1::float8 / 1000)
      order by until limit $2 for update skip locked`,
    values: [nowMs, limit],
  });
  return [...new Set(rows.map(({ reference }) => reference))];
}
