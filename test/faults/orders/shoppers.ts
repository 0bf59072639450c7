/** A crowd with accounts, cards and wallets, that claims until the stock is gone. */

import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { DropDefinition } from '../../../contracts/drop.ts';
import { type TopUp, topUpWallets } from '../../../db/queries/top-up-wallet.ts';
import { systemClock } from '../../../platform/clock.ts';
import { withTransaction } from '../../../platform/connections/postgres.ts';
import { createClaims, holdEndOf } from '../../../reservation-core/claims.ts';
import type { Keys } from '../../../reservation-core/keys.ts';
import type { Shards } from '../../../reservation-core/shards.ts';
import { newId, PASS_UNTIL_MS } from '../../fixtures/drop.ts';

export interface Shopper {
  readonly id: string;
  readonly methodId: string;
  readonly kind: 'card' | 'wallet' | 'cod';
}

/** Of twenty: nine cards, nine wallets (one of them with too little), two that pay at the door. */
function kindOf(index: number): Shopper['kind'] {
  const place = index % 20;
  return place < 9 ? 'card' : place < 18 ? 'wallet' : 'cod';
}

export async function makeShoppers(database: Pool, drop: DropDefinition, count: number): Promise<Shopper[]> {
  const shoppers = Array.from({ length: count }, (_, index) => ({
    ...{ id: newId(), methodId: newId(), kind: kindOf(index) },
    balance: index % 20 === 17 ? 1 : 1_000_000,
  }));
  const ids = shoppers.map(({ id }) => id);
  await withTransaction(database, async (client) => {
    await client.query(
      `insert into users (id, created_at) select id, now() - interval '30 days' from unnest($1::uuid[]) as u (id)`,
      [ids],
    );
    await client.query(
      `insert into payment_methods (id, user_id, kind, provider_token, is_default)
       select id, user_id, kind, case when kind = 'card' then 'pm_card_visa' end, true
       from unnest($1::uuid[], $2::uuid[], $3::payment_kind[]) as m (id, user_id, kind)`,
      [shoppers.map(({ methodId }) => methodId), ids, shoppers.map(({ kind }) => kind)],
    );
    const topUps = shoppers.flatMap(({ id: ownerId, kind, balance: amountMinor }): TopUp[] =>
      kind === 'wallet' ? [{ id: newId(), ownerId, currency: drop.currency, amountMinor }] : [],
    );
    await topUpWallets(client, topUps);
  });
  return shoppers;
}

export interface Claimed {
  readonly won: ReadonlySet<string>;
  readonly refused: readonly Shopper[];
  /** Longest time that a claim took to be answered. */
  readonly slowestMs: number;
}

const AT_ONCE = 256;

/** Everybody claims one unit; those who are refused may try again later. `pauseMs` stretches the sale. */
export async function claimAll(options: {
  readonly shards: Shards;
  readonly keys: Keys;
  readonly drop: DropDefinition;
  readonly shoppers: readonly Shopper[];
  readonly pauseMs?: number;
}): Promise<Claimed> {
  const { shards, keys, drop, shoppers, pauseMs = 0 } = options;
  const claims = createClaims({ shards, keys, clock: systemClock, onFailedCall: () => undefined });
  const [item] = drop.skus;
  if (item === undefined) throw new Error('The drop sells nothing.');
  const regions = Object.keys(item.allocation);
  const regionOf = (index: number): string => regions[index % regions.length] ?? '';
  const won = new Set<string>();
  const refused: Shopper[] = [];
  let slowestMs = 0;

  async function claim(shopper: Shopper, index: number): Promise<void> {
    const { id: shopperId, methodId: payment } = shopper;
    const claimId = newId();
    const holdUntilMs = holdEndOf(Date.now(), drop.holdSeconds);
    const row = {
      key: claimId,
      shopperId,
      sku: item?.sku ?? '',
      quantity: 1,
      claimId,
      unitPrice: item?.price ?? 0,
      payment,
    };
    const startedAtMs = performance.now();
    let answer = await claims.claim(drop.id, regionOf(index), { ...row, holdUntilMs, passUntilMs: PASS_UNTIL_MS });
    slowestMs = Math.max(slowestMs, performance.now() - startedAtMs);
    if (answer.ok && answer.reply.reply === 'SOLD_OUT') {
      answer = await claims.claim(drop.id, regionOf(index + 1), { ...row, holdUntilMs, passUntilMs: PASS_UNTIL_MS });
    }
    if (answer.ok && answer.reply.reply === 'WON') won.add(claimId);
    else refused.push(shopper);
  }

  for (let from = 0; from < shoppers.length; from += AT_ONCE) {
    await Promise.all(shoppers.slice(from, from + AT_ONCE).map((shopper, at) => claim(shopper, from + at)));
    // Not to wait for anything: it is how quickly the crowd comes.
    await delay(pauseMs);
  }
  return { won, refused, slowestMs };
}
