import type { Asking } from '../../../platform/connections/postgres-together.ts';

export interface NewCheckout {
  readonly id: string;
  readonly shopperId: string;
  readonly isGuest: boolean;
  readonly tier: string | null;
  readonly currency: string;
  /** JSON. */
  readonly body: string;
  readonly untilMs: number;
}

/** A shopper has one open checkout: a second one breaks a unique index, and the transaction. */
export async function insertCheckouts(client: Asking, checkouts: readonly NewCheckout[]): Promise<void> {
  if (checkouts.length === 0) return;
  await client.query({
    name: 'insert-checkouts',
    text: `
      insert into checkouts (id, shopper_id, is_guest, tier, currency, body, expires_at)
      select id, shopper_id, is_guest, tier, currency, body::jsonb, to_timestamp(until_ms / 1000)
      from unnest($1::uuid[], $2::uuid[], $3::boolean[], $4::text[], $5::text[], $6::text[], $7::float8[])
        as made (id, shopper_id, is_guest, tier, currency, body, until_ms)`,
    values: [
      checkouts.map(({ id }) => id),
      checkouts.map(({ shopperId }) => shopperId),
      checkouts.map(({ isGuest }) => isGuest),
      checkouts.map(({ tier }) => tier),
      checkouts.map(({ currency }) => currency),
      checkouts.map(({ body }) => body),
      checkouts.map(({ untilMs }) => untilMs),
    ],
  });
}
