import type { Asking } from '../../../platform/connections/postgres-together.ts';

/** What an order needs to know of a line of its checkout, as it is now. */
export interface CheckoutGoods {
  readonly line: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Its merchant was stopped since. */
  readonly isSuspended: boolean;
}

/*
 * By the checkout, whose lines the caller does not have to know: so it is asked together with the checkout itself. Both
 * sub-selects, not joins, so that no plan looks through all variants or merchants for a handful of lines.
 */
const FIND = `
  select (bought ->> 'line')::int as line,
    coalesce((select attributes from variants where sku = bought ->> 'sku'), '{}') as attributes,
    exists (
      select from merchants where user_id = (bought ->> 'merchantId')::uuid and status = 'suspended'
    ) as "isSuspended"
  from checkouts c, jsonb_array_elements(c.body -> 'lines') as bought
  where c.id = $1`;

export async function findGoods(asking: Asking, checkoutId: string): Promise<ReadonlyMap<number, CheckoutGoods>> {
  const { rows } = await asking.query<CheckoutGoods>({
    name: 'find-goods-of-checkout',
    text: FIND,
    values: [checkoutId],
  });
  return new Map(rows.map((goods) => [goods.line, goods]));
}
