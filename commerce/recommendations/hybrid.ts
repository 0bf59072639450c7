/**
 * What is shown to a shopper: four opinions about products, weighed. Scores of different parts mean different things, so
 * each part is brought to 0..1 by its best one first. A part that has nothing to say leaves its weight to the others.
 */
import type { ScoredProduct } from '../../contracts/recommendations.ts';

export const PARTS = ['collaborative', 'content', 'trending', 'session'] as const;
export type Part = (typeof PARTS)[number];
export type HybridWeights = Readonly<Record<Part, number>>;

export const HYBRID_WEIGHTS: HybridWeights = { collaborative: 40, content: 30, trending: 20, session: 10 };

export interface HybridQuestion {
  readonly parts: Readonly<Partial<Record<Part, readonly ScoredProduct[]>>>;
  readonly weights?: HybridWeights;
  readonly limit: number;
  /** Products that are not to be shown: bought already, in the cart, gone. */
  isLeftOut?(productId: string): boolean;
  /** For diversity: at most so many of what has the same group, such as a category, before all others had their turn. */
  readonly groups?: { readonly most: number; of(productId: string): string | undefined };
}

export interface HybridAnswer extends ScoredProduct {
  /** 0 to 1. */
  readonly score: number;
  /** The part that says most for it. */
  readonly part: Part;
}

export function weighParts(question: HybridQuestion): readonly HybridAnswer[] {
  const { parts, weights = HYBRID_WEIGHTS, limit, groups } = question;
  const said = PARTS.filter((part) => weights[part] > 0 && (parts[part]?.length ?? 0) > 0);
  const all = said.reduce((sum, part) => sum + weights[part], 0);
  const found = new Map<string, Weighed>();
  for (const part of said) {
    const list = parts[part] ?? [];
    const best = bestOf(list);
    for (const { productId, score } of list) {
      // What has no positive score says nothing for a product.
      if (!(score > 0) || question.isLeftOut?.(productId) === true) continue;
      const points = (weights[part] / all) * (score / best);
      const known = found.get(productId);
      if (known === undefined) {
        found.set(productId, { productId, score: points, part, best: points });
        continue;
      }
      known.score += points;
      if (points > known.best) [known.part, known.best] = [part, points];
    }
  }
  const ranked = [...found.values()].sort((a, b) => b.score - a.score || (a.productId < b.productId ? -1 : 1));
  const chosen = groups === undefined ? ranked.slice(0, limit) : spread(ranked, limit, groups);
  return chosen.map(({ productId, score, part }) => ({ productId, score, part }));
}

interface Weighed {
  readonly productId: string;
  score: number;
  part: Part;
  /** The points of that part. */
  best: number;
}

/** What 1 is, where scores are to mean the same; 0 where none is positive. */
export function bestOf(list: readonly ScoredProduct[]): number {
  return list.reduce((most, { score }) => Math.max(most, score), 0);
}

/** What a group has too many of comes after everything else, in its order. */
function spread(
  ranked: readonly HybridAnswer[],
  limit: number,
  { most, of }: NonNullable<HybridQuestion['groups']>,
): readonly HybridAnswer[] {
  const counts = new Map<string, number>();
  const first: HybridAnswer[] = [];
  const later: HybridAnswer[] = [];
  for (const answer of ranked) {
    if (first.length === limit) break;
    const group = of(answer.productId);
    const count = group === undefined ? 0 : (counts.get(group) ?? 0);
    if (group !== undefined) counts.set(group, count + 1);
    (count < most ? first : later).push(answer);
  }
  return [...first, ...later].slice(0, limit);
}

export interface Seed {
  readonly productId: string;
  /** How much it says about the shopper: what was bought more than what was looked at, and lately more than long ago. */
  readonly weight: number;
}

/** Neighbours of several products as one list: what is near to many of them comes first. Without the products themselves. */
export function neighboursOf(
  seeds: readonly Seed[],
  neighbours: (productId: string) => readonly ScoredProduct[] | undefined,
  most: number,
): readonly ScoredProduct[] {
  const sums = new Map<string, { readonly productId: string; score: number }>();
  for (const { productId: seed, weight } of seeds) {
    for (const { productId, score } of neighbours(seed) ?? []) {
      const known = sums.get(productId);
      if (known === undefined) sums.set(productId, { productId, score: weight * score });
      else known.score += weight * score;
    }
  }
  for (const { productId } of seeds) sums.delete(productId);
  return [...sums.values()].sort((a, b) => b.score - a.score || (a.productId < b.productId ? -1 : 1)).slice(0, most);
}
