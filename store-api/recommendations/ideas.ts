/** From what is known of a shopper to products in order, each with the reason why it is there. Two looks at Redis at most. */
import { bestOf, type HybridWeights, neighboursOf, weighParts } from '../../commerce/recommendations/hybrid.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { decodeScored, recommendationKeys, type ScoredProduct } from '../../contracts/recommendations.ts';
import { withDeadline } from '../../platform/deadline.ts';
import type { StoreServices } from '../services.ts';
import type { Known } from './known.ts';
import { type Activity, contentSeeds, measured, type NeighbourSeed, sessionSeeds } from './seeds.ts';
import type { Served } from './served.ts';

export type Because = 'for-you' | 'similar-to' | 'bought-together' | 'trending' | 'popular';

export interface Reason {
  readonly because: Because;
  /** The product that it is similar to, or was bought with. */
  readonly of: string | null;
}

/** Products in order; why one of them is there is found out for those that are shown. */
export interface Ranking {
  readonly productIds: readonly string[];
  reasonOf(productId: string): Reason;
}

export interface Question {
  readonly served: Served;
  readonly known: Known;
  readonly weights: HybridWeights;
  /** Products of the cart, where it is the cart that wants company. */
  readonly cartProducts: readonly string[];
  readonly product: string | undefined;
}

type Parts = Pick<StoreServices, 'redis' | 'redisPrefix' | 'catalog'>;
/** Lists of different neighbourhoods measure differently: `weight` is the seed's for the best one of its list. */
type Near = readonly {
  readonly seed: NeighbourSeed;
  readonly list: readonly ScoredProduct[];
  readonly weight: number;
}[];

export function createIdeas({ redis, redisPrefix, catalog }: Parts) {
  const keys = recommendationKeys(redisPrefix);

  async function lists(wanted: readonly string[]): Promise<(readonly ScoredProduct[])[]> {
    if (wanted.length === 0 || redis.status !== 'ready') return wanted.map(() => []);
    const found = await withDeadline(
      redis.mgetBuffer(...wanted),
      LIMITS.recommendationDeadlineMs,
      'neighbours of products',
    ).catch(() => []);
    return wanted.map((_, at) => {
      const bytes = found[at];
      return bytes == null ? [] : (decodeScored(bytes, LIMITS.recommendationIdeas) ?? []);
    });
  }

  /** Of who is not known yet, what they looked at says which kinds of things they came for. */
  async function categoriesOf(productIds: readonly string[]): Promise<string[]> {
    const products = await catalog.products.getMany(productIds.slice(0, CATEGORIES));
    return [...new Set([...products.values()].map(({ category }) => category.id))];
  }

  return {
    lists,
    keys,
    async answer({ served, known, weights, cartProducts, product }: Question): Promise<Ranking> {
      const { version } = served;
      const activity: Activity = { ...known, cart: cartProducts, product };
      const seeds = version === undefined ? NO_SEEDS : seedsOf(activity);
      const isCold = known.list === undefined;
      const categories = isCold && version !== undefined ? await categoriesOf([...known.session, ...known.looked]) : [];
      const all = [...seeds.content, ...seeds.session];
      const found = await lists([
        ...all.map((seed) => keys[seed.in](version ?? '', seed.productId)),
        ...categories.map((id) => keys.popularIn(version ?? '', id)),
      ]);
      const near = all.map((seed, at) => nearTo(seed, found[at] ?? []));
      const [content, session] = [near.slice(0, seeds.content.length), near.slice(seeds.content.length)];
      const ofKind = found.slice(all.length).flatMap(measured);
      const popular = ofKind.length > 0 ? ofKind : served.popular;
      const page = product === undefined ? [] : [product];
      const passed = new Set([...known.bought, ...known.session, ...cartProducts, ...page]);
      const isLeftOut = (productId: string): boolean => passed.has(productId);
      const weighed = weighParts({
        parts: {
          // What others like stands in for what people like them like, as long as nobody knows who that is.
          collaborative: known.list ?? popular,
          ...{ content: gather(content), trending: served.trending, session: gather(session) },
        },
        ...{ weights, isLeftOut, limit: LIMITS.recommendationIdeas },
      });
      const parts = new Map(weighed.map(({ productId, part }) => [productId, part]));
      const rest = [...ofKind, ...served.popular].filter(({ productId }) => !isLeftOut(productId));
      return {
        productIds: [...new Set([...weighed, ...rest].map(({ productId }) => productId))],
        reasonOf(productId) {
          const part = parts.get(productId);
          if (part === 'content' || part === 'session')
            return nearestOf(productId, part === 'session' ? session : content);
          if (part === 'trending') return { because: 'trending', of: null };
          return part === undefined || isCold ? POPULAR : { because: 'for-you', of: null };
        },
      };
    },
  };
}

const CATEGORIES = 3;
const NO_SEEDS = { content: [], session: [] } as const;
export const POPULAR: Reason = { because: 'popular', of: null };

function seedsOf(activity: Activity) {
  const most = LIMITS.recommendationSeeds;
  return { content: contentSeeds(activity, most), session: sessionSeeds(activity, most) };
}

function nearTo(seed: NeighbourSeed, list: readonly ScoredProduct[]): Near[number] {
  const best = bestOf(list);
  return best > 0 ? { seed, list, weight: seed.weight / best } : { seed, list: [], weight: 0 };
}

/** One product may be a seed in both neighbourhoods; none of them is near to itself. */
function gather(near: Near): readonly ScoredProduct[] {
  const lists = new Map(near.map(({ seed, list }) => [`${seed.in} ${seed.productId}`, list]));
  const seeds = near.map(({ seed, weight }) => ({ productId: `${seed.in} ${seed.productId}`, weight }));
  const own = new Set(near.map(({ seed }) => seed.productId));
  return neighboursOf(seeds, (name) => lists.get(name), LIMITS.recommendationIdeas + own.size).filter(
    ({ productId }) => !own.has(productId),
  );
}

/** The seed that did most for a product. */
function nearestOf(productId: string, near: Near): Reason {
  let [best, most]: [NeighbourSeed | undefined, number] = [undefined, 0];
  for (const { seed, list, weight } of near) {
    const score = (list.find((one) => one.productId === productId)?.score ?? 0) * weight;
    if (score > most) [best, most] = [seed, score];
  }
  if (best === undefined) return POPULAR;
  return { because: best.in === 'together' ? 'bought-together' : 'similar-to', of: best.productId };
}
