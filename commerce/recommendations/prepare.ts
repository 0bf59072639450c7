/** Out of what shoppers did: the matrices that a model is made of. */
import { type Columns, KINDS, type Kind } from './interactions.ts';
import { gatherRows, type SparseRows, sharedFloat32, transposed } from './sparse-rows.ts';

/** How much each kind of interaction says. A review counts by its stars: five of them in full, two or one not at all. */
export type Signals = Readonly<Record<Kind, number>>;
export const SIGNALS: Signals = { order: 5, review: 3, wishlist: 2, view: 1 };

export interface PrepareTask {
  readonly columns: Columns;
  readonly users: number;
  readonly products: number;
  readonly signals: Signals;
  readonly today: number;
  readonly halfLifeDays: number;
  readonly basketProducts: number;
}

export interface Prepared {
  /** Who met what, and how much: by shopper, and turned by product. */
  readonly met: SparseRows;
  readonly metBy: SparseRows;
  /** What each shopper bought. */
  readonly bought: SparseRows;
  /** What was bought by one shopper in one day. */
  readonly baskets: SparseRows;
  readonly basketsOf: SparseRows;
  /** How much was bought of each product, lately more than long ago. */
  readonly popularity: Float32Array;
  /** The last day on which each shopper did something. */
  readonly lastDays: Uint16Array;
}

const ORDER = KINDS.indexOf('order');
const REVIEW = KINDS.indexOf('review');
const MOST_STARS = 5;
const NO_SIGNAL_STARS = 2;
/** A thousand looks at one product are no thousand shoppers: beyond this, more says nothing more. */
const MOST_STRENGTH = 20;
/** What was looked at but not bought makes a product a little more popular than one that nobody looked at. */
const LOOKED_AT = 0.05;

export function strengthOf(kind: number, amount: number, signals: Signals): number {
  const name = KINDS[kind];
  if (name === undefined) return 0;
  if (kind !== REVIEW) return signals[name];
  return signals.review * Math.max(0, (amount - NO_SIGNAL_STARS) / (MOST_STARS - NO_SIGNAL_STARS));
}

export function prepare(task: PrepareTask): Prepared {
  const { columns, users, products } = task;
  const { count, kinds, amounts, days } = columns;
  const values = new Float32Array(count);
  const popularity = sharedFloat32(products);
  const lastDays = new Uint16Array(new SharedArrayBuffer(2 * users));
  for (let at = 0; at < count; at += 1) {
    const age = Math.max(0, task.today - (days[at] ?? 0));
    const decay = 0.5 ** (age / task.halfLifeDays);
    const strength = strengthOf(kinds[at] ?? 0, amounts[at] ?? 0, task.signals) * decay;
    values[at] = strength;
    const product = columns.products[at] ?? 0;
    popularity[product] = (popularity[product] ?? 0) + (kinds[at] === ORDER ? decay : LOOKED_AT * strength);
    const user = columns.users[at] ?? 0;
    lastDays[user] = Math.max(lastDays[user] ?? 0, days[at] ?? 0);
  }
  const met = withMost(gatherRows({ count, rows: columns.users, columns: columns.products, values }, users, products));
  const orders = ordersOf(columns);
  const bought = gatherRows({ ...orders, rows: orders.users }, users, products);
  const baskets = basketsIn(orders, products, task.basketProducts);
  return { met, metBy: transposed(met), bought, baskets, basketsOf: transposed(baskets), popularity, lastDays };
}

function withMost(matrix: SparseRows): SparseRows {
  for (const [at, value] of matrix.values.entries()) if (value > MOST_STRENGTH) matrix.values[at] = MOST_STRENGTH;
  return matrix;
}

interface Orders {
  readonly count: number;
  readonly users: Uint32Array;
  readonly columns: Uint32Array;
  readonly days: Uint16Array;
  readonly values: Float32Array;
}

function ordersOf({ count, users, products, days, kinds }: Columns): Orders {
  const places = Uint32Array.from({ length: count }, (_, at) => at).filter((at) => kinds[at] === ORDER);
  return {
    count: places.length,
    users: places.map((at) => users[at] ?? 0),
    columns: places.map((at) => products[at] ?? 0),
    days: Uint16Array.from(places, (at) => days[at] ?? 0),
    values: new Float32Array(places.length).fill(1),
  };
}

/** A basket of one product says nothing, and one of very many next to nothing. */
function basketsIn({ count, users, columns, days, values }: Orders, products: number, most: number): SparseRows {
  const keys = Float64Array.from({ length: count }, (_, at) => (users[at] ?? 0) * 65_536 + (days[at] ?? 0));
  const known = keys.toSorted().filter((key, at, sorted) => at === 0 || key !== sorted[at - 1]);
  const rows = Uint32Array.from(keys, (key) => placeOf(known, key));
  const all = gatherRows({ count, rows, columns, values }, known.length, products);
  const sizeOf = (row: number) => (all.starts[row + 1] ?? 0) - (all.starts[row] ?? 0);
  const isTelling = (row: number) => sizeOf(row) > 1 && sizeOf(row) <= most;
  const kept = Uint32Array.from({ length: count }, (_, at) => at).filter((at) => isTelling(rows[at] ?? 0));
  return gatherRows(
    {
      count: kept.length,
      rows: kept.map((at) => rows[at] ?? 0),
      columns: kept.map((at) => columns[at] ?? 0),
      values: new Float32Array(kept.length).fill(1),
    },
    // Baskets of one product count among all: what is seldom met in any basket is met by chance as seldom.
    known.length,
    products,
  );
}

function placeOf(sorted: Float64Array, key: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
