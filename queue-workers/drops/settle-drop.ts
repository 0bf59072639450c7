/**
 * Gives back to the shelves what an ended drop did not sell, once. What is sold is what Redis says, which nobody can change
 * any more; the orders have to agree with it.
 */
import { returnToShelves } from '../../commerce/drops/draw-shelves.ts';
import { unitsOf } from '../../commerce/drops/plan.ts';
import type { DropDefinition } from '../../contracts/drop.ts';
import { publishedDefinition, type StoredDrop } from '../../db/drop-rows.ts';
import { noteTrouble } from '../../db/queries/drops/publications.ts';
import {
  findDropShelves,
  findSoldUnits,
  giveBackUnits,
  lockDropShelves,
  lockUnsettled,
  noteSettled,
  type ReturnedUnits,
  type SoldUnits,
  type UnsettledShelf,
} from '../../db/queries/drops/settle-drop.ts';
import { findDrop } from '../../db/queries/find-drop.ts';
import { lockStock } from '../../db/queries/stock/lock-stock.ts';
import { type Database, type DatabaseClient, withTransaction } from '../../platform/connections/postgres.ts';
import type { Keys } from '../../reservation-core/keys.ts';
import { readSaleEnd } from '../../reservation-core/sale-end.ts';
import type { Shards } from '../../reservation-core/shards.ts';
import { type Ended, type TellOptions, tellEnded } from './tell-merchant.ts';

export interface SettleOptions extends TellOptions {
  readonly database: Database;
  readonly shards: Shards;
  readonly keys: Keys;
  readonly nowMs: number;
}

interface Returned {
  readonly at: 'settled';
  readonly returned: readonly ReturnedUnits[];
}

interface Broken {
  readonly at: 'broken';
  readonly why: string;
}

export type Settled = Returned | Broken | { readonly at: 'open'; readonly waitsFor: string };

export async function settleDrop(options: SettleOptions, dropId: string): Promise<Settled> {
  const { database } = options;
  const stored = await findDrop(database, dropId);
  const drop = stored === undefined ? undefined : publishedDefinition(stored);
  if (stored === undefined || drop === undefined) return { at: 'open', waitsFor: 'a drop that is there' };
  // Before the transaction: no shelf is locked while a region is waited for.
  const end = await readSaleEnd(options, drop);
  const settled =
    end.at === 'final'
      ? await withTransaction(database, (client) => settleAndTell(client, options, { drop, stored, sold: end.sold }))
      : end;
  if (settled.at === 'broken') await noteTrouble(database, dropId, { regions: [], trouble: settled.why.slice(0, 500) });
  return settled;
}

type Sold = ReadonlyMap<string, number>;

async function settleAndTell(
  client: DatabaseClient,
  options: SettleOptions,
  { drop, stored, sold }: { readonly drop: DropDefinition; readonly stored: StoredDrop; readonly sold: Sold },
): Promise<Settled> {
  const settled = await settle(client, drop, sold, options.nowMs);
  if (settled.at === 'settled') await tellEnded(client, options, endedOf(stored, sold));
  return settled;
}

function endedOf({ id: dropId, merchantId, title, skus }: StoredDrop, soldOf: Sold): Ended {
  const sold = [...soldOf.values()].reduce((sum, units) => sum + units, 0);
  const given = skus.reduce((sum, item) => sum + unitsOf(item), 0);
  return { dropId, merchantId, title, sold, unsold: Math.max(0, given - sold) };
}

async function settle(client: DatabaseClient, drop: DropDefinition, sold: Sold, nowMs: number): Promise<Settled> {
  if (!(await lockUnsettled(client, drop.id))) return { at: 'open', waitsFor: 'nothing any more' };
  const doubt = doubtOf(sold, await findSoldUnits(client, drop.id));
  if (doubt !== undefined) return doubt;
  await lockStock(client, await findDropShelves(client, drop.id), 'given back by a drop');
  const back = planReturns(drop, sold, await lockDropShelves(client, drop.id));
  if (back.at === 'broken') return back;
  await giveBackUnits(client, drop.id, back.returned);
  await noteSettled(client, drop.id, nowMs);
  return back;
}

/** What keeps the orders from agreeing with Redis. */
function doubtOf(sold: Sold, orders: ReadonlyMap<string, SoldUnits>): Settled | undefined {
  for (const { waiting } of orders.values()) {
    if (waiting > 0) return { at: 'open', waitsFor: `${waiting} units of orders that are not decided yet` };
  }
  for (const sku of new Set([...sold.keys(), ...orders.keys()])) {
    const { least = 0, most = 0 } = orders.get(sku) ?? {};
    const units = sold.get(sku) ?? 0;
    // An order that was called off after its hold was sold is no sale here, and still one there.
    if (units >= least && units <= most) continue;
    return { at: 'broken', why: `Redis has sold ${units} units of ${sku}, orders stand for ${least} (npm run audit)` };
  }
  return undefined;
}

function planReturns(drop: DropDefinition, sold: Sold, shelves: readonly UnsettledShelf[]): Returned | Broken {
  const returned: ReturnedUnits[] = [];
  for (const item of drop.skus) {
    const { sku } = item;
    const own = shelves.filter((shelf) => shelf.sku === sku);
    // Drops from before there were shelves to draw from have none.
    if (own.length === 0) continue;
    const units = unitsOf(item) - (sold.get(sku) ?? 0);
    const back = returnToShelves(own, units);
    if (back === undefined) {
      return { at: 'broken', why: `${units} units of ${sku} are unsold, and fewer are left to give back` };
    }
    returned.push(...back.map(({ warehouseId, free }) => ({ sku, warehouseId, units: free })));
  }
  return { at: 'settled', returned };
}
