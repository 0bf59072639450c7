/** One product of the made-up catalog: the same for a seed and a number, however many are made. */
import { seedId } from '../ids.ts';
import { createDice, type Dice } from './dice.ts';
import {
  ADJECTIVES,
  BRAND_ENDS,
  BRAND_MIDDLES,
  BRAND_STARTS,
  COLLECTIONS,
  COLORS,
  DEPARTMENTS,
  type Leaf,
  SYNONYMS,
} from './words.ts';

/** Clear of the numbers of the demo, whose ids are of the same kinds. */
const FIRST = 1_000_000_000;
const BRANDS = 800;
/** Products were added over these weeks before a fixed day, so that a seed means the same tomorrow. */
const NEWEST_MS = Date.UTC(2026, 9, 1);
const DAYS = 900;
const VARIANTS_MOST = 16;

export const LEAVES: readonly Leaf[] = DEPARTMENTS.flatMap(({ leaves }) => leaves);

export const categories = DEPARTMENTS.flatMap(({ slug, name, leaves }) => [
  { slug, name, parent: null },
  ...leaves.map((leaf) => ({ slug: leaf.slug, name: leaf.name, parent: slug })),
]).map((category, index) => ({ id: seedId('category', FIRST + index), ...category }));

const categoryIds = new Map(categories.map(({ slug, id }) => [slug, id]));

export const brands = Array.from({ length: BRANDS }, (_, index) => {
  const at = (list: readonly string[], number: number) => list[number % list.length] ?? '';
  const start = at(BRAND_STARTS, index);
  const middle = at(BRAND_MIDDLES, Math.floor(index / BRAND_STARTS.length));
  const end = at(BRAND_ENDS, index + Math.floor(index / (BRAND_STARTS.length * BRAND_MIDDLES.length)) * 3);
  const name = `${start}${middle}${end}`;
  return { id: seedId('brand', FIRST + index), slug: `seed-${name.toLowerCase()}-${index}`, name };
});

export const synonyms = SYNONYMS.map((terms, index) => ({ id: seedId('synonym', index + 1), terms }));

export interface MadeVariant {
  readonly id: string;
  readonly movementId: string;
  readonly sku: string;
  readonly title: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly priceMinor: number;
  readonly stock: number;
}

export interface MadeProduct {
  readonly id: string;
  readonly number: number;
  readonly categoryId: string;
  readonly leaf: Leaf;
  readonly brandId: string;
  readonly brand: string;
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly createdAtMs: number;
  readonly ratingHundredths: number;
  readonly reviews: number;
  readonly sold: number;
  readonly variants: readonly MadeVariant[];
  /** What it was made of: by this a search is judged. */
  readonly traits: Readonly<Record<Trait, string>>;
}

export type Trait = 'noun' | 'adjective' | 'material' | 'use' | 'otherUse' | 'collection' | 'color' | 'model' | 'brand';

export const productId = (number: number): string => seedId('product', FIRST + number);

/** The number of a product that was made here, from its id. */
export function numberOf(id: string): number | undefined {
  const number = Number.parseInt(id.slice(-12), 16) - FIRST;
  return number >= 0 && productId(number) === id ? number : undefined;
}

export function makeProduct(seed: number, number: number): MadeProduct {
  const dice = createDice(seed, number);
  const leaf = dice.pick(LEAVES);
  const brand = brands[Math.floor(dice.roll() ** 2 * BRANDS)] ?? dice.pick(brands);
  const [noun, adjective, material] = [dice.pick(leaf.nouns), dice.pick(ADJECTIVES), dice.pick(leaf.materials)];
  const [use, otherUse, collection] = [dice.pick(leaf.uses), dice.pick(leaf.uses), dice.pick(COLLECTIONS)];
  // The model number makes a title one of its kind, as it does in real catalogs.
  const model = `${String.fromCharCode(65 + (number % 26))}${100 + Math.floor(number / 26)}`;
  const color = dice.pick(COLORS);
  const categoryId = categoryIds.get(leaf.slug);
  if (categoryId === undefined) throw new Error(`the category ${leaf.slug} is missing`);
  const popularity = dice.roll() ** 4;
  const sold = Math.floor(popularity * 60_000 * dice.roll());
  const reviews = Math.floor(sold * (0.02 + 0.1 * dice.roll()));
  return {
    ...{ id: productId(number), number, categoryId, leaf, brandId: brand.id, brand: brand.name, sold, reviews },
    slug: `seed-${number}`,
    title: `${brand.name} ${collection} ${adjective} ${material} ${noun} ${model}`,
    description: describe({ noun, adjective, material, use, otherUse, color, dice }),
    tags: [use, adjective],
    createdAtMs: NEWEST_MS - dice.whole(DAYS * 24 * 60) * 60_000,
    ratingHundredths: reviews === 0 ? 0 : Math.min(500, Math.round(250 + 250 * Math.sqrt(dice.roll()))),
    traits: { noun, adjective, material, use, otherUse, collection, color, model, brand: brand.name },
    variants: variantsOf({ number, leaf, color, material, dice }),
  };
}

function describe(
  of: Record<'noun' | 'adjective' | 'material' | 'use' | 'otherUse' | 'color', string> & { dice: Dice },
) {
  const { noun, adjective, material, use, otherUse, color, dice } = of;
  const opening = dice.pick([
    `A ${adjective} ${noun} of ${material}, in ${color}, made for ${use}.`,
    `Our ${noun} is ${adjective} and built from ${material}: right for ${use}.`,
    `This ${adjective} ${noun} in ${color} goes with you for ${use} and for ${otherUse}.`,
  ]);
  const middle = dice.pick([
    'Tested by hand before it leaves the workshop.',
    'Every part can be replaced, so it lasts for many years.',
    'Easy to clean, easy to store, hard to break.',
    'Designed in the north and finished in small batches.',
  ]);
  const end = dice.pick([
    'Comes in a box of recycled card.',
    'Two years of warranty.',
    'Free returns within thirty days.',
    'A favourite gift of our customers.',
  ]);
  return `${opening} ${middle} ${end}`;
}

function variantsOf(of: { number: number; leaf: Leaf; color: string; material: string; dice: Dice }): MadeVariant[] {
  const { number, leaf, color, material, dice } = of;
  const [low, high] = leaf.price;
  // Many cheap ones, few dear ones: even on a scale of powers.
  const price = Math.round(low * (high / low) ** dice.roll()) * 100 - (dice.roll() < 0.6 ? 1 : 0);
  const first = leaf.sizes === undefined ? 0 : dice.whole(leaf.sizes.length - 1);
  const sizes = leaf.sizes?.slice(first, first + 2) ?? [undefined];
  const isGone = dice.roll() < 0.08;
  return sizes.map((size, index) => ({
    id: seedId('variant', FIRST + number * VARIANTS_MOST + index),
    movementId: seedId('movement', FIRST + number * VARIANTS_MOST + index),
    sku: `SEED-${number}-${index}`,
    title: size === undefined ? '' : `${color}, ${size}`,
    attributes: { color, material, ...(size === undefined ? {} : { size }) },
    priceMinor: price,
    stock: isGone ? 0 : dice.whole(400),
  }));
}
