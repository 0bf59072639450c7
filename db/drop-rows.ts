import type { DropDefinition } from '../contracts/drop.ts';

/** A drop as it is stored: what everybody may know of it, whose it is, and that it may still be a draft. */
export interface StoredDrop extends Omit<DropDefinition, 'state'> {
  readonly merchantId: string;
  readonly state: DropDefinition['state'] | 'draft';
}

/** What the line and the shoppers get to know of a drop; nothing of a draft. */
export function publishedDefinition(drop: StoredDrop): DropDefinition | undefined {
  const { merchantId: _, state, ...definition } = drop;
  return state === 'draft' ? undefined : { ...definition, state };
}

export interface DropRow extends Omit<StoredDrop, 'lobbyOpensAt' | 'startsAt' | 'endsAt' | 'admission'> {
  readonly lobbyOpensAt: Date;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly perSecond: number;
  readonly maxActive: number;
}

/** Each drop in one row, its items with their shares as JSON. */
export const SELECT_DROPS = `
  select id, merchant_id as "merchantId", revision, title, currency, mode, state,
    lobby_opens_at as "lobbyOpensAt", starts_at as "startsAt", ends_at as "endsAt",
    per_shopper_limit as "perShopperLimit", hold_seconds as "holdSeconds", pass_seconds as "passSeconds",
    admissions_per_second as "perSecond", max_active_passes as "maxActive",
    lanes, challenge, draw_commit as commit,
    array(
      select json_build_object(
        'sku', sku, 'title', title, 'price', price_minor,
        'allocation', (
          select coalesce(json_object_agg(region, units order by region), '{}')
          from drop_allocations given where given.drop_id = item.drop_id and given.sku = item.sku
        )
      )
      from drop_skus item where item.drop_id = drops.id order by position
    ) as skus
  from drops`;

export function dropOfRow(row: DropRow): StoredDrop {
  const { perSecond, maxActive, ...drop } = row;
  return {
    ...drop,
    lobbyOpensAt: row.lobbyOpensAt.getTime(),
    startsAt: row.startsAt.getTime(),
    endsAt: row.endsAt.getTime(),
    admission: { perSecond, maxActive },
  };
}
