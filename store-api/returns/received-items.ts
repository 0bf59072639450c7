import type { StoredReturn } from '../../db/queries/returns/find-returns.ts';
import { returnableLines } from '../../db/queries/returns/returnable-lines.ts';
import { type ReceivedItem, warehousesFor } from '../../db/queries/returns/write-returns.ts';
import { findShipments } from '../../db/queries/shipments/find-shipments.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import { Refusal } from '../plugins/problems.ts';

export interface SaidItem {
  readonly line: number;
  readonly sellable: number;
  readonly warehouseId?: string;
}

/** What came back of each line of a return, how much of it can be sold again and where it lies. */
export async function receivedItems(
  client: DatabaseClient,
  wanted: StoredReturn,
  said: readonly SaidItem[],
): Promise<readonly (ReceivedItem & { readonly sku: string })[]> {
  const lines = new Set(wanted.items.map(({ line }) => line));
  const unknown = said.find(({ line }) => !lines.has(line));
  if (unknown !== undefined) throw new Refusal('INVALID', { detail: `The return has no line ${unknown.line}.` });
  if (new Set(said.map(({ line }) => line)).size !== said.length) {
    throw new Refusal('INVALID', { detail: 'A line is named twice.' });
  }
  const parcels = await findShipments(client, [wanted.orderId]);
  const sentFrom = (line: number) => parcels.find(({ items }) => items.some((item) => item.line === line))?.warehouseId;
  const items = wanted.items.map(({ line, sku, quantity }) => {
    const one = said.find((item) => item.line === line);
    const warehouseId = one?.warehouseId ?? sentFrom(line);
    const restocked = one?.sellable ?? 0;
    if (restocked > quantity) {
      throw new Refusal('RETURN_TOO_MUCH', { detail: `Of line ${line} only ${quantity} come back.` });
    }
    if (warehouseId === undefined) throw new Refusal('INVALID', { detail: `Say in which warehouse line ${line} is.` });
    return { line, sku, restocked, warehouseId };
  });
  await refuseForeignWarehouses(client, wanted, items);
  return items;
}

/** A shelf of somebody else's is answered like none. */
async function refuseForeignWarehouses(
  client: DatabaseClient,
  wanted: StoredReturn,
  items: readonly ReceivedItem[],
): Promise<void> {
  const sellers = await returnableLines(client, wanted.orderId);
  const merchantIds = sellers
    .filter(({ line }) => items.some((item) => item.line === line))
    .map(({ merchantId }) => merchantId);
  const ids = items.map(({ warehouseId }) => warehouseId);
  const known = await warehousesFor(client, ids, merchantIds);
  const missing = ids.find((id) => !known.has(id));
  if (missing !== undefined) throw new Refusal('INVALID', { detail: `There is no warehouse ${missing}.` });
}
