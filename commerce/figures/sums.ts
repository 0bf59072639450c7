/** Rows of one key become one row: the database is asked once for a minute, however much happened in it. */
import { type FigureRow, NO_ID } from '../../contracts/figure-rows.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** What is not given does not apply. */
export type Part = Pick<FigureRow, 'atMs' | 'grain' | 'name'> & Partial<FigureRow>;

export class Sums {
  readonly #rows = new Map<string, FigureRow>();

  add(part: Part): void {
    const row = whole(part);
    const key = keyOf(row);
    const known = this.#rows.get(key);
    this.#rows.set(key, known === undefined ? row : added(known, row));
  }

  rows(): FigureRow[] {
    return [...this.#rows.values()];
  }
}

function whole(part: Part): FigureRow {
  const stepMs = part.grain === 'article' ? HOUR_MS : MINUTE_MS;
  return {
    ...{ merchantId: NO_ID, productId: NO_ID, sku: '', dropId: NO_ID, region: '', currency: '' },
    ...{ events: 0, units: 0, amountMinor: 0 },
    ...part,
    atMs: part.atMs - (part.atMs % stepMs),
  };
}

function added(row: FigureRow, { events, units, amountMinor }: FigureRow): FigureRow {
  return {
    ...row,
    ...{ events: row.events + events, units: row.units + units, amountMinor: row.amountMinor + amountMinor },
  };
}

function keyOf({ atMs, grain, name, merchantId, productId, sku, dropId, region, currency }: FigureRow): string {
  return [atMs, grain, name, merchantId, productId, sku, dropId, region, currency].join('|');
}
