/**
 * A logistic model: how probable fraud is, as the sum of what each feature adds. A sum can be explained to who decides
 * about an order; a forest of trees cannot. Its probability gives points beside those of the rules, by thresholds that
 * are data of the model. They are 30 at most, so no model sends an order to review or blocks one by itself.
 */
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { FraudFacts, FraudOpinion } from '../../contracts/fraud.ts';
import { FEATURE_NAMES, FEATURES } from './features.ts';

export const MODEL_POINTS_MOST = 30;

export const FraudModel = Type.Object({
  bias: Type.Number(),
  features: Type.Array(
    Type.Object({
      name: Type.String(),
      mean: Type.Number(),
      deviation: Type.Number({ exclusiveMinimum: 0 }),
      weight: Type.Number(),
    }),
    { minItems: 1, maxItems: 100 },
  ),
  /** The points of a probability of at least `from`, rising. */
  points: Type.Array(
    Type.Object({
      from: Type.Number({ minimum: 0, maximum: 1 }),
      points: Type.Integer({ minimum: 0, maximum: MODEL_POINTS_MOST }),
    }),
    { minItems: 1, maxItems: 30 },
  ),
});
export type FraudModel = Static<typeof FraudModel>;

/** What a probability is worth unless a training says otherwise: one of two is as bad as a suspicious device. */
export const DEFAULT_POINTS: FraudModel['points'] = [
  { from: 0.05, points: 5 },
  { from: 0.1, points: 10 },
  { from: 0.25, points: 20 },
  { from: 0.5, points: 30 },
];

export interface VersionedModel {
  readonly version: number;
  readonly model: FraudModel;
}

type Contribution = FraudOpinion['contributions'][number];

const TOP = 5;
const compiled = Compile(FraudModel);
const isModel = (value: unknown): value is FraudModel => compiled.Check(value);

/** Undefined for what this code cannot judge by: written by another version of it, with other features. */
export function readModel(
  stored: { readonly version: number; readonly model: unknown } | undefined,
): VersionedModel | undefined {
  if (stored === undefined || !isModel(stored.model)) return undefined;
  const { version, model } = stored;
  const isKnown = model.features.every(({ name }, at) => name === FEATURE_NAMES[at]);
  return isKnown && model.features.length === FEATURES.length ? { version, model } : undefined;
}

/** Throws where there is one that this code cannot judge by: whoever asks keeps what they had, and says so in the log. */
export function requireModel(stored: Parameters<typeof readModel>[0]): VersionedModel | undefined {
  const model = readModel(stored);
  if (stored !== undefined && model === undefined) {
    throw new Error(`Version ${stored.version} of the fraud model has features that this code does not know.`);
  }
  return model;
}

/** As the contributions add up, but nothing is kept: it is asked for every claim of a sale. */
export function probabilityOf({ bias, features }: FraudModel, facts: FraudFacts): number {
  let odds = bias;
  for (let at = 0; at < FEATURES.length; at += 1) {
    const value = FEATURES[at]?.read(facts) ?? null;
    const learnt = features[at];
    if (value === null || learnt === undefined) continue;
    odds += ((value - learnt.mean) / learnt.deviation) * learnt.weight;
  }
  return logistic(odds);
}

export function askModel({ version, model }: VersionedModel, facts: FraudFacts): FraudOpinion {
  const contributions = contributionsOf(model, facts);
  const odds = contributions.reduce((sum, { weight }) => sum + weight, model.bias);
  const probability = logistic(odds);
  const top = contributions.toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, TOP);
  return {
    ...{ version, probability: rounded(probability), points: pointsOf(model, probability) },
    others: rounded(top.reduce((rest, { weight }) => rest - weight, odds)),
    contributions: top.map(({ feature, value, weight }) => ({
      feature,
      value: value === null ? null : rounded(value),
      weight: rounded(weight),
    })),
  };
}

/** The points alone, for most orders: nobody asks why an order was let through. */
export function pointsFor({ model }: VersionedModel, facts: FraudFacts): number {
  return pointsOf(model, probabilityOf(model, facts));
}

export function pointsOf(model: FraudModel, probability: number): number {
  return model.points.reduce((most, { from, points }) => (probability >= from ? Math.max(most, points) : most), 0);
}

function contributionsOf(model: FraudModel, facts: FraudFacts): Contribution[] {
  return FEATURES.map(({ name, read }, at) => {
    const value = read(facts);
    const learnt = model.features[at];
    if (value === null || learnt === undefined) return { feature: name, value, weight: 0 };
    return { feature: name, value, weight: ((value - learnt.mean) / learnt.deviation) * learnt.weight };
  });
}

export function logistic(odds: number): number {
  return 1 / (1 + Math.exp(-odds));
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
