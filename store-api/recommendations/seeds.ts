/** Where neighbours are looked for: around what was bought, looked at, put into the cart. */
import { bestOf } from '../../commerce/recommendations/hybrid.ts';
import type { ScoredProduct } from '../../contracts/recommendations.ts';

/** `similar`: like it. `together`: bought in the same orders. */
export type Neighbourhood = 'similar' | 'together';

export interface NeighbourSeed {
  readonly productId: string;
  readonly in: Neighbourhood;
  /** How much it says: what was bought more than what was looked at, and lately more than long ago. */
  readonly weight: number;
}

export interface Activity {
  readonly bought: readonly string[];
  readonly looked: readonly string[];
  readonly session: readonly string[];
  /** Products of the cart, where the cart is what recommendations are wanted for. */
  readonly cart: readonly string[];
  /** The product whose page it is. */
  readonly product: string | undefined;
}

const WEIGHTS = { product: 4, cart: 3, bought: 3, looked: 1, session: 1 } as const;
/** Of each kind, each counts so much less than the one after it in time. */
const FADING = 0.85;

export function contentSeeds({ bought, looked, cart, product }: Activity, most: number): NeighbourSeed[] {
  const page = product === undefined ? [] : [product];
  return heaviest(
    [
      ...seedsOf(page, 'similar', WEIGHTS.product),
      ...seedsOf(page, 'together', WEIGHTS.product),
      ...seedsOf(cart, 'together', WEIGHTS.cart),
      ...seedsOf(bought, 'similar', WEIGHTS.bought),
      ...seedsOf(looked, 'similar', WEIGHTS.looked),
    ],
    most,
  );
}

export function sessionSeeds({ session }: Activity, most: number): NeighbourSeed[] {
  return heaviest(seedsOf(session, 'similar', WEIGHTS.session), most);
}

function seedsOf(productIds: readonly string[], where: Neighbourhood, weight: number): NeighbourSeed[] {
  return productIds.map((productId, at) => ({ productId, in: where, weight: weight * FADING ** at }));
}

/** One product once, as what says most about it. */
function heaviest(seeds: readonly NeighbourSeed[], most: number): NeighbourSeed[] {
  const known = new Set<string>();
  return seeds
    .toSorted((one, other) => other.weight - one.weight)
    .filter(({ productId, in: where }) => {
      const name = `${where} ${productId}`;
      if (known.has(name)) return false;
      known.add(name);
      return true;
    })
    .slice(0, most);
}

/** Lists of different neighbourhoods measure differently: each by its best one. */
export function measured(list: readonly ScoredProduct[]): readonly ScoredProduct[] {
  const best = bestOf(list);
  return best <= 0 ? [] : list.map(({ productId, score }) => ({ productId, score: score / best }));
}
