/** Where the units of a checkout come from, as the shelves are now. */
import { planParcels } from '../../commerce/fulfilment/plan-parcels.ts';
import { findStock, type StockThere } from '../../db/queries/checkouts/find-stock.ts';
import type { CheckoutBody } from './stored-checkout.ts';

export interface Shortage {
  readonly sku: string;
  readonly asked: number;
  readonly available: number;
}

export type Plan =
  | { readonly ok: true; readonly parts: CheckoutBody['parts'] }
  | { readonly ok: false; readonly short: readonly Shortage[] };

type Planned = Pick<CheckoutBody, 'lines' | 'address'>;
type Database = Parameters<typeof findStock>[0];

export async function planFor(database: Database, shopperId: string, { lines, address }: Planned): Promise<Plan> {
  const skus = lines.map(({ sku }) => sku);
  return planFrom(await findStock(database, skus, shopperId), { lines, address });
}

export function planFrom(stock: readonly StockThere[], { lines, address }: Planned): Plan {
  const places = new Map(stock.map(({ warehouseId: id, ...place }) => [id, { id, ...place }]));
  const plan = planParcels({ lines, stock, warehouses: [...places.values()], destination: address });
  return plan.ok ? { ok: true, parts: plan.parts.map((part) => ({ ...part })) } : plan;
}

export function shortageText(short: readonly Shortage[]): string {
  return short
    .map(({ sku, asked, available }) => `${sku}: ${asked} asked for, ${available === 0 ? 'none' : available} left`)
    .join('; ');
}
