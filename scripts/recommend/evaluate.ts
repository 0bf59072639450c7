/** How much of what shoppers did afterwards is in the list of each way to recommend. */
import { createBestList } from '../../commerce/recommendations/best-list.ts';
import { HYBRID_WEIGHTS, neighboursOf, weighParts } from '../../commerce/recommendations/hybrid.ts';
import { bootstrap, type Interval, mean, ndcgAt, recallAt } from '../../commerce/recommendations/metrics.ts';
import { seededRoll } from '../../commerce/recommendations/seeded-roll.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { ScoredProduct } from '../../contracts/recommendations.ts';
import type { Computation } from '../../queue-workers/recommendations/computation.ts';
import type { TrainingSettings } from '../../queue-workers/recommendations/settings.ts';
import { allLists, learn } from './model.ts';
import type { Population } from './population.ts';
import type { HeldOut, Split } from './split.ts';

export const WAYS = ['hybrid', 'hybrid, no session', 'ALS', 'content', 'trending', 'popularity', 'random'] as const;
export type Way = (typeof WAYS)[number];

export interface Quality {
  readonly recall: number;
  readonly ndcg: number;
}

export interface Evaluation {
  readonly shoppers: number;
  /** How many of them were met for the first time. */
  readonly newShoppers: number;
  readonly known: number;
  readonly qualities: Readonly<Record<Way, Quality>>;
  /** Hybrid less popularity, of recall and nDCG. */
  readonly gain: { readonly recall: Interval; readonly ndcg: Interval };
}

const AT = 20;
const IDEAS = 100;
const SEEDS = 12;
/** How much less each product says than the one after it. */
const FADES = 0.85;
const TREND_HALF_LIFE_DAYS = 3;
const ROUNDS = 1_000;

export interface EvaluateOptions {
  readonly population: Population;
  readonly split: Split;
  readonly computation: Computation;
  readonly settings: TrainingSettings;
  /** No more shoppers than these are asked about, by chance. */
  readonly most: number;
}

export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const { population, split, computation, settings, most } = options;
  const { users, products } = population.shape;
  const asked = sample(split.heldOut, most, seededRoll(17));
  const learned = await learn({
    ...{ computation, settings, columns: split.columns, made: population.made, users, products, today: split.today },
  });
  const { prepared, described, factors, ranked } = learned;
  const forUser = await allLists(users, computation, (part) =>
    computation.best({
      products: ranked,
      userFactors: factors.users,
      leftOut: prepared.met,
      most: LIMITS.userList,
      ...part,
    }),
  );
  const alike = await allLists(products, computation, (part) =>
    computation.alike({ ...described, most: LIMITS.productList, mostRead: LIMITS.termEntriesPerProduct, ...part }),
  );
  const popular = bestOf(prepared.popularity);
  const trending = bestOf(trendOf(split, products));
  const near = (product: string) => scored(alike(Number(product)));
  const roll = seededRoll(23);

  const ranks: Record<Way, (of: HeldOut) => readonly string[]> = {
    hybrid: (of) => hybrid(of, true),
    'hybrid, no session': (of) => hybrid(of, false),
    ALS: ({ user }) => ids(scored(forUser(user))),
    content: (of) => ids(contentOf(of)),
    trending: (of) => without(ids(trending), of),
    popularity: (of) => without(ids(popular), of),
    random: () => Array.from({ length: AT }, () => String(Math.floor(roll() * products))),
  };
  function contentOf({ before }: HeldOut): readonly ScoredProduct[] {
    return neighboursOf(seedsOf(before), near, IDEAS);
  }
  function hybrid(of: HeldOut, withSession: boolean): readonly string[] {
    const parts = {
      collaborative: scored(forUser(of.user)),
      content: contentOf(of),
      // Who is known for nothing is shown what is popular in the place of what people like them bought.
      trending: of.before.length === 0 ? [...trending, ...popular] : trending,
      session: withSession ? neighboursOf(seedsOf(of.session), near, IDEAS) : [],
    };
    const met = new Set([...of.before, ...of.session].map(String));
    return ids(weighParts({ parts, weights: HYBRID_WEIGHTS, limit: AT, isLeftOut: (id) => met.has(id) }));
  }
  return measure(asked, split.columns.count, ranks);
}

function measure(
  asked: readonly HeldOut[],
  known: number,
  ranks: Record<Way, (of: HeldOut) => readonly string[]>,
): Evaluation {
  const figures = new Map(
    WAYS.map((way) => {
      const lists = asked.map((of) => ({ list: ranks[way](of), wanted: new Set([...of.wanted].map(String)) }));
      const recalls = Float64Array.from(lists, ({ list, wanted }) => recallAt(AT, list, wanted));
      const ndcgs = Float64Array.from(lists, ({ list, wanted }) => ndcgAt(AT, list, wanted));
      return [way, { recalls, ndcgs }] as const;
    }),
  );
  const of = (way: Way, what: 'recalls' | 'ndcgs') => figures.get(way)?.[what] ?? new Float64Array();
  const gain = (what: 'recalls' | 'ndcgs') => {
    const popular = of('popularity', what);
    return bootstrap(
      of('hybrid', what).map((value, at) => value - (popular[at] ?? 0)),
      ROUNDS,
      seededRoll(31),
    );
  };
  const quality = (way: Way): Quality => ({ recall: mean(of(way, 'recalls')), ndcg: mean(of(way, 'ndcgs')) });
  return {
    shoppers: asked.length,
    newShoppers: asked.filter(({ before }) => before.length === 0).length,
    known,
    qualities: {
      hybrid: quality('hybrid'),
      'hybrid, no session': quality('hybrid, no session'),
      ALS: quality('ALS'),
      content: quality('content'),
      trending: quality('trending'),
      popularity: quality('popularity'),
      random: quality('random'),
    },
    gain: { recall: gain('recalls'), ndcg: gain('ndcgs') },
  };
}

const ids = (list: readonly ScoredProduct[]) => list.slice(0, IDEAS).map(({ productId }) => productId);
const scored = (list: readonly (readonly [number, number])[]): readonly ScoredProduct[] =>
  list.map(([product, score]) => ({ productId: String(product), score }));
const seedsOf = (products: readonly number[]) =>
  products.slice(0, SEEDS).map((product, at) => ({ productId: String(product), weight: FADES ** at }));
const bestOf = (scores: Float32Array): readonly ScoredProduct[] => {
  const best = createBestList(IDEAS);
  for (const [product, score] of scores.entries()) if (score > 0) best.offer(product, score);
  return scored(best.take());
};

function without(list: readonly string[], { before, session }: HeldOut): readonly string[] {
  const met = new Set([...before, ...session].map(String));
  return list.filter((id) => !met.has(id));
}

function trendOf({ columns, today }: Split, products: number): Float32Array {
  const scores = new Float32Array(products);
  for (let at = 0; at < columns.count; at += 1) {
    const product = columns.products[at] ?? 0;
    scores[product] = (scores[product] ?? 0) + 0.5 ** ((today - (columns.days[at] ?? 0)) / TREND_HALF_LIFE_DAYS);
  }
  return scores;
}

function sample<T>(all: readonly T[], most: number, roll: () => number): readonly T[] {
  if (all.length <= most) return all;
  const chosen = new Map<number, T>();
  while (chosen.size < most) {
    const at = Math.floor(roll() * all.length);
    const one = all[at];
    if (one !== undefined) chosen.set(at, one);
  }
  return [...chosen.values()];
}
