/** The products of a made-up population, and what their pages say of them. */
import { type Entries, sharedFloat32, sharedUint32 } from '../../commerce/recommendations/sparse-rows.ts';
import type { Shape } from './shapes.ts';

export interface MadeProducts {
  readonly styles: number;
  readonly brands: number;
  readonly categoryOf: Uint16Array;
  readonly styleOf: Uint8Array;
  readonly brandOf: Uint16Array;
  /** The day on which each begins to trend. */
  readonly trendsFrom: Uint16Array;
  /** What goes with each: of another category, in the same style. */
  readonly companions: Uint32Array;
  /** What is said of each, as terms. */
  readonly entries: Entries;
  readonly terms: number;
  /** By a number from 0 up to 1: large categories, and products of great appeal, more often. */
  pickCategory(at: number): number;
  pickOf(category: number, at: number): number;
}

const STYLES = 12;
const BRANDS_PER_CATEGORY = 6;
const COLORS = 10;
const WORDS_PER_CATEGORY = 8;
/** How often the page of a product tells its style. */
const STYLE_IS_TOLD = 0.5;
const CATEGORY_SKEW = 0.7;
const NEVER = 65_535;
const COMPANION_TRIES = 30;

export function makeProducts(shape: Shape, roll: () => number): MadeProducts {
  const { products, categories, skew, days } = shape;
  const whole = (below: number) => Math.floor(roll() * below);
  const brands = Math.max(10, Math.ceil(categories * 1.5));
  const categoryShares = cumulated(Float64Array.from({ length: categories }, (_, at) => (at + 3) ** -CATEGORY_SKEW));
  const categoryOf = new Uint16Array(products);
  const styleOf = new Uint8Array(products);
  const brandOf = new Uint16Array(products);
  const trendsFrom = new Uint16Array(products).fill(NEVER);
  const appeal = new Float64Array(products);
  const members: number[][] = Array.from({ length: categories }, () => []);
  for (let product = 0; product < products; product += 1) {
    const category = product < categories ? product : placeIn(categoryShares, roll());
    categoryOf[product] = category;
    styleOf[product] = whole(STYLES);
    brandOf[product] = (category * BRANDS_PER_CATEGORY + whole(BRANDS_PER_CATEGORY)) % brands;
    if (roll() < 0.3) trendsFrom[product] = whole(days);
    appeal[product] = (1 + whole(products)) ** -skew;
    members[category]?.push(product);
  }
  const shares = members.map((own) => cumulated(Float64Array.from(own, (product) => appeal[product] ?? 0)));
  const all: Omit<MadeProducts, 'companions' | 'entries' | 'terms'> = {
    ...{ styles: STYLES, brands, categoryOf, styleOf, brandOf, trendsFrom },
    pickCategory: (at) => placeIn(categoryShares, at),
    pickOf: (category, at) => members[category]?.[placeIn(shares[category] ?? new Float64Array(1), at)] ?? 0,
  };
  const companions = Uint32Array.from({ length: products }, (_, product) => {
    let companion = whole(products);
    for (let tries = 0; tries < COMPANION_TRIES && styleOf[companion] !== styleOf[product]; tries += 1)
      companion = whole(products);
    return companion;
  });
  return { ...all, companions, ...describe(all, shape, roll) };
}

function describe(
  made: Omit<MadeProducts, 'companions' | 'entries' | 'terms'>,
  { products, categories }: Shape,
  roll: () => number,
) {
  const whole = (below: number) => Math.floor(roll() * below);
  const first = { brand: categories, style: categories + made.brands, color: categories + made.brands + STYLES };
  const firstWord = first.color + COLORS;
  const rows: number[] = [];
  const columns: number[] = [];
  const values: number[] = [];
  const say = (product: number, term: number, weight: number): void => {
    rows.push(product);
    columns.push(term);
    values.push(weight);
  };
  for (let product = 0; product < products; product += 1) {
    const category = made.categoryOf[product] ?? 0;
    say(product, category, 1.5);
    say(product, first.brand + (made.brandOf[product] ?? 0), 1);
    if (roll() < STYLE_IS_TOLD) say(product, first.style + (made.styleOf[product] ?? 0), 0.6);
    say(product, first.color + whole(COLORS), 0.6);
    for (let word = 0; word < 3; word += 1) {
      say(product, firstWord + category * WORDS_PER_CATEGORY + whole(WORDS_PER_CATEGORY), 1);
    }
  }
  const entries = {
    count: rows.length,
    rows: sharedUint32(rows.length),
    columns: sharedUint32(rows.length),
    values: sharedFloat32(rows.length),
  };
  entries.rows.set(rows);
  entries.columns.set(columns);
  entries.values.set(values);
  return { entries, terms: firstWord + categories * WORDS_PER_CATEGORY };
}

function cumulated(weights: Float64Array): Float64Array {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  let so = 0;
  return weights.map((weight) => {
    so += weight / sum;
    return so;
  });
}

function placeIn(shares: Float64Array, at: number): number {
  let [low, high] = [0, shares.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((shares[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
