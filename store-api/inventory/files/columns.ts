/** The columns of a file of stock, one row a shelf. What is only told when it is written is skipped when it is read. */
import { LIMITS } from '../../../contracts/limits.ts';
import { unguardCell } from '../../catalog-files/cells.ts';
import type { TableHead } from '../../catalog-files/rows.ts';

export const COLUMNS = ['sku', 'warehouse', 'on_hand', 'reserved', 'available'] as const;
export type Column = (typeof COLUMNS)[number];
export const HEAD: TableHead<Column> = { columns: COLUMNS, needed: ['sku', 'warehouse', 'on_hand'] };

export interface Level {
  readonly line: number;
  readonly sku: string;
  /** Its code. */
  readonly warehouse: string;
  readonly onHand: number;
}

export interface LevelError {
  readonly line: number;
  readonly column: Column | null;
  readonly reason: string;
}

const SKU = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const CODE = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

export function readLevel(line: number, cells: Partial<Record<Column, string>>): Level | LevelError {
  const cell = (column: Column): string => unguardCell((cells[column] ?? '').trim());
  const [sku, warehouse, onHand] = [cell('sku'), cell('warehouse'), cell('on_hand')];
  if (!SKU.test(sku))
    return { line, column: 'sku', reason: 'Letters, digits, dots, dashes and underscores, up to 64.' };
  if (!CODE.test(warehouse) || warehouse.length > 200) {
    return { line, column: 'warehouse', reason: 'The code of a warehouse.' };
  }
  if (!/^\d{1,10}$/.test(onHand) || Number(onHand) > LIMITS.unitsOnShelf) {
    return { line, column: 'on_hand', reason: `A whole number from 0 to ${LIMITS.unitsOnShelf}.` };
  }
  return { line, sku, warehouse, onHand: Number(onHand) };
}

export function isError(row: Level | LevelError): row is LevelError {
  return 'reason' in row;
}
