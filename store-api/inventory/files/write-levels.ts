/** One batch of a file: the shelves get the levels that it says, by adjustments in the journal. */
import { LIMITS } from '../../../contracts/limits.ts';
import { changeStock } from '../../../db/queries/stock/change-stock.ts';
import { findOwnSkus } from '../../../db/queries/stock/list-inventory.ts';
import { lockStock, shelfKey } from '../../../db/queries/stock/lock-stock.ts';
import { makeShelves } from '../../../db/queries/stock/restock.ts';
import { tellAvailability } from '../../../db/queries/stock/tell-availability.ts';
import { findWarehousesByCode } from '../../../db/queries/stock/warehouses.ts';
import { withTransaction } from '../../../platform/connections/postgres.ts';
import type { StoreServices } from '../../services.ts';
import type { Level, LevelError } from './columns.ts';

export interface Writing {
  readonly merchantId: string;
  readonly actorId: string;
  readonly isDryRun: boolean;
}

export interface WrittenLevels {
  /** Shelves that have another level now. */
  readonly changed: number;
  readonly errors: readonly LevelError[];
}

const REASON = 'file';

export async function writeLevels(
  { database, nextId, clock }: Pick<StoreServices, 'database' | 'nextId' | 'clock'>,
  levels: readonly Level[],
  { merchantId, actorId, isDryRun }: Writing,
): Promise<WrittenLevels> {
  return await withTransaction(database, async (client) => {
    const errors: LevelError[] = [];
    const skus = await findOwnSkus(
      client,
      levels.map(({ sku }) => sku),
      merchantId,
    );
    const warehouses = await findWarehousesByCode(
      client,
      levels.map(({ warehouse }) => warehouse),
      merchantId,
    );
    const known = levels.flatMap((level) => {
      const warehouseId = warehouses.get(level.warehouse);
      if (!skus.has(level.sku))
        errors.push({ line: level.line, column: 'sku', reason: 'There is no such article of yours.' });
      else if (warehouseId === undefined)
        errors.push({ line: level.line, column: 'warehouse', reason: 'There is no such warehouse of yours.' });
      else return [{ ...level, warehouseId }];
      return [];
    });
    // Those that nothing lay on so far are made first: what is not there cannot be locked.
    const filled = known.filter(({ onHand }) => onHand > 0);
    if (!isDryRun && filled.length > 0) await makeShelves(client, filled);
    const shelves = await lockStock(client, known, REASON);
    const changes = known.flatMap((level) => {
      const { onHand = 0, reserved = 0 } = shelves.get(shelfKey(level)) ?? {};
      if (level.onHand < reserved) {
        errors.push({ line: level.line, column: 'on_hand', reason: `${reserved} units there are promised.` });
        return [];
      }
      const delta = level.onHand - onHand;
      if (delta === 0) return [];
      const { sku, warehouseId } = level;
      return [{ sku, warehouseId, kind: 'adjust' as const, delta, reason: REASON, transferId: null, actorId }];
    });
    if (isDryRun || changes.length === 0) return { changed: changes.length, errors };
    const changed = await changeStock(client, changes, LIMITS.unitsOnShelf);
    if (!changed.ok) throw new Error(`The level of ${changed.shelf.sku} moved although its shelf was locked.`);
    const at = { nextId, atMs: clock.now() };
    await tellAvailability(
      client,
      changes.map(({ sku }) => sku),
      at,
    );
    return { changed: changes.length, errors };
  });
}
