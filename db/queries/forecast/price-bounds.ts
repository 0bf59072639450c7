/** Within what a merchant wants prices to be suggested; without bounds nothing is. */
import type { ClientBase, Pool } from 'pg';
import { exact } from '../../exact.ts';

export interface PriceBounds {
  readonly floor: number;
  readonly ceiling: number;
  readonly cost: number | null;
  readonly currency: string;
}

export async function setPriceBounds(
  client: ClientBase,
  sku: string,
  { floor, ceiling, cost, currency }: PriceBounds,
): Promise<void> {
  await client.query({
    name: 'set-price-bounds',
    text: `
      insert into price_bounds (sku, floor_minor, ceiling_minor, cost_minor, currency) values ($1, $2, $3, $4, $5)
      on conflict (sku) do update set (floor_minor, ceiling_minor, cost_minor, currency, updated_at) =
        (excluded.floor_minor, excluded.ceiling_minor, excluded.cost_minor, excluded.currency, now())`,
    values: [sku, floor, ceiling, cost, currency],
  });
}

export async function findPriceBounds(database: Pool | ClientBase, sku: string): Promise<PriceBounds | undefined> {
  const { rows } = await database.query<{ floor: string; ceiling: string; cost: string | null; currency: string }>({
    name: 'find-price-bounds',
    text: `
      select floor_minor as floor, ceiling_minor as ceiling, cost_minor as cost, currency from price_bounds where sku = $1`,
    values: [sku],
  });
  const [found] = rows;
  if (found === undefined) return undefined;
  const cost = found.cost === null ? null : exact(found.cost);
  return { floor: exact(found.floor), ceiling: exact(found.ceiling), cost, currency: found.currency };
}

/** Whether there were any. */
export async function dropPriceBounds(client: ClientBase, sku: string): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'drop-price-bounds',
    text: 'delete from price_bounds where sku = $1',
    values: [sku],
  });
  return (rowCount ?? 0) > 0;
}
