/**
 * A made-up population of shoppers with tastes, so that it is known that there is something to learn. A shopper likes some
 * categories, brands and styles; a product has one of each, and an appeal of its own; it is bought more while it trends,
 * and with what goes with it. Of a product's style, its attributes tell only sometimes: the rest has to be learned from
 * who bought what. Everything follows from the seed.
 */
import { createInteractions, type Interactions, KINDS } from '../../commerce/recommendations/interactions.ts';
import { seededRoll } from '../../commerce/recommendations/seeded-roll.ts';
import { type MadeProducts, makeProducts } from './products.ts';
import type { Shape } from './shapes.ts';

export interface Population {
  readonly shape: Shape;
  readonly made: MadeProducts;
  readonly interactions: Interactions;
  /** The session of each interaction; numbers rise, and a shopper's interactions stand together in their order. */
  readonly sessions: Uint32Array;
}

const STYLES_LIKED = 2;
const BRANDS_LIKED = 3;
/** How much likelier what fits is chosen among candidates. */
const FITS = { style: 5, brand: 3, trends: 3 } as const;
const TREND_DAYS = 7;
const GOES_TOGETHER = 0.4;
const ORDER = KINDS.indexOf('order');
const WISHLIST = KINDS.indexOf('wishlist');
const VIEW = KINDS.indexOf('view');
const TRIES = 20;

export function makePopulation(shape: Shape, seed: number): Population {
  const roll = seededRoll(seed);
  const made = makeProducts(shape, roll);
  const interactions = createInteractions(4 * shape.users * Math.ceil(shape.interactionsPerUser) + 1_000);
  const sessions: number[] = [];
  let session = 0;
  for (let user = 0; user < shape.users; user += 1) {
    const taste = makeTaste(made, shape, roll);
    const wanted = countOf(shape, roll);
    const days = Array.from({ length: Math.ceil(wanted / shape.sessionLength) }, () => Math.floor(roll() * shape.days));
    const met = new Set<number>();
    let count = 0;
    for (const day of days.sort((a, b) => a - b)) {
      session += 1;
      const events = visit(shape, made, taste, day, roll, met);
      for (const { product, kind } of events.slice(0, wanted - count)) {
        interactions.add(user, product, kind, day, 1);
        sessions.push(session);
        count += 1;
      }
    }
  }
  return { shape, made, interactions, sessions: Uint32Array.from(sessions) };
}

interface Taste {
  /** The first one more than the others. */
  readonly categories: readonly number[];
  readonly styles: ReadonlySet<number>;
  readonly brands: ReadonlySet<number>;
}

function makeTaste(made: MadeProducts, shape: Shape, roll: () => number): Taste {
  const several = (most: number, below: number) =>
    Array.from({ length: 1 + Math.floor(roll() * most) }, () => Math.floor(roll() * below));
  const categories = Array.from({ length: 1 + Math.floor(roll() * roll() * 6) }, () => made.pickCategory(roll()));
  return {
    categories: shape.categories === 1 ? [0] : categories,
    styles: new Set(several(STYLES_LIKED, made.styles)),
    brands: new Set(several(BRANDS_LIKED, made.brands)),
  };
}

/** Log-normal, so that few do very much. */
function countOf({ interactionsPerUser, fewestPerUser, activitySpread }: Shape, roll: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - roll())) * Math.cos(2 * Math.PI * roll());
  const rest = Math.max(0, interactionsPerUser - fewestPerUser);
  const drawn = rest * Math.exp(activitySpread * normal - activitySpread ** 2 / 2);
  return fewestPerUser + Math.floor(drawn + roll());
}

interface Event {
  readonly product: number;
  readonly kind: number;
}

function visit(
  shape: Shape,
  made: MadeProducts,
  taste: Taste,
  day: number,
  roll: () => number,
  met: Set<number>,
): readonly Event[] {
  const isStroll = roll() * 100 < shape.strolls;
  const liked = taste.categories[Math.floor(roll() * roll() * taste.categories.length)] ?? 0;
  const category = isStroll ? made.pickCategory(roll()) : liked;
  const length = Math.max(1, Math.round(-Math.log(1 - roll()) * shape.sessionLength));
  const events: Event[] = [];
  const meet = (product: number, kind: number): void => {
    if (shape.once && met.has(product)) return;
    met.add(product);
    events.push({ product, kind });
  };
  for (let tries = 0; events.length < length && tries < TRIES * length; tries += 1) {
    const product = choose(shape, made, taste, category, day, roll);
    const isBought = roll() * 100 < shape.ordersPerHundred;
    meet(product, isBought ? ORDER : roll() < 0.05 ? WISHLIST : VIEW);
    const companion = made.companions[product] ?? 0;
    if (isBought && roll() < GOES_TOGETHER) meet(companion, ORDER);
  }
  return events;
}

/** Among some candidates of the category, by appeal, one by how it fits. */
function choose(
  shape: Shape,
  made: MadeProducts,
  taste: Taste,
  category: number,
  day: number,
  roll: () => number,
): number {
  let [chosen, sum] = [0, 0];
  for (let choice = 0; choice < shape.choices; choice += 1) {
    const product = made.pickOf(category, roll());
    const fits = fitOf(made, taste, product, day);
    sum += fits;
    if (roll() * sum < fits) chosen = product;
  }
  return chosen;
}

function fitOf({ styleOf, brandOf, trendsFrom }: MadeProducts, taste: Taste, product: number, day: number): number {
  const since = day - (trendsFrom[product] ?? 0);
  const style = taste.styles.has(styleOf[product] ?? 0) ? FITS.style : 1;
  const brand = taste.brands.has(brandOf[product] ?? 0) ? FITS.brand : 1;
  return style * brand * (since >= 0 && since < TREND_DAYS ? FITS.trends : 1);
}
