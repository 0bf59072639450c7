/**
 * Fits the logistic model by Newton's method, with a ridge (L2) on the weights: thirteen features need thirteen by
 * thirteen equations a step, and a handful of steps. What a sample does not know is the mean of that feature, so it adds
 * nothing, in training as in judging. The classes are not weighted: a probability is then one, not only a rank.
 */
import type { FraudFacts } from '../../contracts/fraud.ts';
import { FEATURES } from './features.ts';
import { DEFAULT_POINTS, type FraudModel, logistic } from './model.ts';
import { solve } from './solve.ts';

export interface Sample {
  readonly facts: FraudFacts;
  readonly isFraud: boolean;
  readonly atMs: number;
}

export interface TrainOptions {
  /** How strongly weights are held back, per sample. */
  readonly ridge: number;
  readonly points?: FraudModel['points'];
}

const STEPS = 50;
const SMALL = 1e-8;

export function trainModel(samples: readonly Sample[], { ridge, points = DEFAULT_POINTS }: TrainOptions): FraudModel {
  const scales = scalesOf(samples);
  const rows = samples.map(({ facts }) => standardised(facts, scales));
  const truths = samples.map(({ isFraud }) => Number(isFraud));
  const weights = climb(rows, truths, ridge * samples.length);
  return {
    bias: weights[0] ?? 0,
    features: FEATURES.map(({ name }, at) => {
      const { mean, deviation } = scales[at] ?? { mean: 0, deviation: 1 };
      return { name, mean, deviation, weight: weights[at + 1] ?? 0 };
    }),
    points: [...points],
  };
}

/** By time: what comes later is what the model will meet. */
export function splitByTime<S extends { readonly atMs: number }>(samples: readonly S[], heldOut: number) {
  const sorted = samples.toSorted((a, b) => a.atMs - b.atMs);
  const at = Math.floor(sorted.length * (1 - heldOut));
  return { earlier: sorted.slice(0, at), later: sorted.slice(at) };
}

interface Scale {
  readonly mean: number;
  readonly deviation: number;
}

function scalesOf(samples: readonly Sample[]): Scale[] {
  return FEATURES.map(({ read }) => {
    const known = samples.map(({ facts }) => read(facts)).filter((value) => value !== null);
    if (known.length === 0) return { mean: 0, deviation: 1 };
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length;
    // What never varies says nothing, and must not be divided by.
    return { mean, deviation: variance < SMALL ? 1 : Math.sqrt(variance) };
  });
}

/** With a leading one, for the bias. */
function standardised(facts: FraudFacts, scales: readonly Scale[]): Float64Array {
  const row = new Float64Array(FEATURES.length + 1);
  row[0] = 1;
  FEATURES.forEach(({ read }, at) => {
    const value = read(facts);
    const scale = scales[at];
    row[at + 1] = value === null || scale === undefined ? 0 : (value - scale.mean) / scale.deviation;
  });
  return row;
}

function climb(rows: readonly Float64Array[], truths: readonly number[], ridge: number): Float64Array {
  const size = FEATURES.length + 1;
  const weights = new Float64Array(size);
  for (let step = 0; step < STEPS; step += 1) {
    const { slope, bend } = derivatives(rows, truths, weights, ridge);
    const change = solve(bend, slope);
    let largest = 0;
    for (let at = 0; at < size; at += 1) {
      const by = change[at] ?? 0;
      weights[at] = (weights[at] ?? 0) + by;
      largest = Math.max(largest, Math.abs(by));
    }
    if (largest < SMALL) break;
  }
  return weights;
}

/** Of the likelihood, the ridge taken off; the bias is not held back. */
function derivatives(rows: readonly Float64Array[], truths: readonly number[], weights: Float64Array, ridge: number) {
  const size = weights.length;
  const slope = new Float64Array(size);
  const bend = Array.from({ length: size }, () => new Float64Array(size));
  rows.forEach((row, at) => {
    const probability = logistic(product(row, weights));
    add(slope, row, (truths[at] ?? 0) - probability);
    const spread = probability * (1 - probability);
    bend.forEach((line, i) => {
      add(line, row, spread * (row[i] ?? 0));
    });
  });
  for (let i = 0; i < size; i += 1) {
    const line = bend[i];
    if (line === undefined) continue;
    // A trace of it keeps the equations solvable where a feature never varies.
    line[i] = (line[i] ?? 0) + SMALL + (i === 0 ? 0 : ridge);
    if (i > 0) slope[i] = (slope[i] ?? 0) - ridge * (weights[i] ?? 0);
  }
  return { slope, bend };
}

function product(row: Float64Array, weights: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < row.length; at += 1) sum += (row[at] ?? 0) * (weights[at] ?? 0);
  return sum;
}

function add(line: Float64Array, row: Float64Array, times: number): void {
  for (let at = 0; at < line.length; at += 1) line[at] = (line[at] ?? 0) + times * (row[at] ?? 0);
}
