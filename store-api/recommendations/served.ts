/**
 * What is the same for everybody: which model is served, what trends, what sells best, which experiment runs. Looked at
 * again every two seconds, behind the back of who asks.
 */

import type { Experiment } from '../../commerce/experiments/arms.ts';
import { readArms } from '../../commerce/experiments/arms.ts';
import { INTERVALS, LIMITS } from '../../contracts/limits.ts';
import { decodeScored, recommendationKeys, type ScoredProduct } from '../../contracts/recommendations.ts';
import { findRunningExperiment } from '../../db/queries/experiments/experiments.ts';
import { findBestSold } from '../../db/queries/recommendations/find-best-sold.ts';
import { withDeadline } from '../../platform/deadline.ts';
import type { StoreServices } from '../services.ts';

export interface Served {
  /** Undefined where there is no model, or Redis is away. */
  readonly version: string | undefined;
  readonly trending: readonly ScoredProduct[];
  /** Of the model, or what sells best. */
  readonly popular: readonly ScoredProduct[];
  readonly experiment: Experiment | undefined;
}

export interface ServedNow {
  now(): Promise<Served>;
}

type Parts = Pick<StoreServices, 'database' | 'redis' | 'redisPrefix' | 'clock'>;

const NOTHING: Served = { version: undefined, trending: [], popular: [], experiment: undefined };
/** After so many times the interval nobody has asked for long: what is remembered is too old to answer with. */
const TOO_OLD = 5;

export function createServed({ database, redis, redisPrefix, clock }: Parts): ServedNow {
  const keys = recommendationKeys(redisPrefix);
  let served = NOTHING;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let soldAtMs = Number.NEGATIVE_INFINITY;
  let sold: readonly ScoredProduct[] = [];
  let looking: Promise<void> | undefined;

  async function bestSold(): Promise<readonly ScoredProduct[]> {
    if (clock.now() - soldAtMs < INTERVALS.cacheMs) return sold;
    sold = await findBestSold(database, LIMITS.recommendationIdeas).catch(() => sold);
    soldAtMs = clock.now();
    return sold;
  }

  async function look(): Promise<void> {
    const [model, experiment] = await Promise.all([
      withDeadline(readModel(), LIMITS.recommendationDeadlineMs * 2, 'the model').catch(() => undefined),
      readExperiment().catch(() => served.experiment),
    ]);
    const popular = model?.popular ?? [];
    served = {
      ...{ version: model === undefined ? versionLeft() : model.version, experiment },
      trending: model?.trending ?? served.trending,
      popular: popular.length < LIMITS.recommendationIdeas ? filledUp(popular, await bestSold()) : popular,
    };
    lookedAtMs = clock.now();
  }

  /** One slow answer is no reason to forget a model: it is still there. */
  const versionLeft = (): string | undefined => (redis.status === 'ready' ? served.version : undefined);

  async function readModel() {
    const most = LIMITS.recommendationIdeas;
    const [current, trends] = await Promise.all([
      redis.get(keys.current),
      redis.zrevrange(keys.trending, 0, most - 1, 'WITHSCORES'),
    ]);
    const version = current ?? undefined;
    const list = version === undefined ? null : await redis.getBuffer(keys.popular(version));
    const popular = list === null ? [] : (decodeScored(list, most) ?? []);
    return { version, popular, trending: pairsOf(trends) };
  }

  async function readExperiment(): Promise<Experiment | undefined> {
    const running = await findRunningExperiment(database);
    const arms = running === undefined ? undefined : readArms(running.arms);
    return running === undefined || arms === undefined ? undefined : { name: running.name, arms };
  }

  return {
    async now() {
      const ageMs = clock.now() - lookedAtMs;
      if (ageMs < INTERVALS.recommendationsRefreshMs) return served;
      looking ??= look().finally(() => {
        looking = undefined;
      });
      if (ageMs > TOO_OLD * INTERVALS.recommendationsRefreshMs) await looking;
      return served;
    },
  };
}

/** A young model knows few products: what sells besides comes after them. */
function filledUp(popular: readonly ScoredProduct[], sold: readonly ScoredProduct[]): readonly ScoredProduct[] {
  const least = popular.at(-1)?.score;
  if (least === undefined) return sold;
  const known = new Set(popular.map(({ productId }) => productId));
  const rest = sold.filter(({ productId }) => !known.has(productId));
  return [...popular, ...rest.map(({ productId }, at) => ({ productId, score: least / (at + 2) }))];
}

/** Redis says a member, then its score. */
function pairsOf(answer: readonly string[]): ScoredProduct[] {
  const pairs: ScoredProduct[] = [];
  for (let at = 0; at + 1 < answer.length; at += 2) {
    pairs.push({ productId: answer[at] ?? '', score: Number(answer[at + 1]) });
  }
  return pairs;
}
