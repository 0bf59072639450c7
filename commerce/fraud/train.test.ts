import { describe, expect, it } from 'vitest';
import { FEATURE_NAMES } from './features.ts';
import { generateOrders } from './generated.ts';
import { areaUnderCurve, atThresholds, calibration, logLoss } from './measure.ts';
import { askModel, DEFAULT_POINTS, pointsOf, probabilityOf, readModel, requireModel } from './model.ts';
import { solve } from './solve.ts';
import { HARMLESS } from './table.ts';
import { type Sample, splitByTime, trainModel } from './train.ts';

const UNTIL_MS = 1_800_000_000_000;
const orders = generateOrders({ orders: 8_000, seed: 42, untilMs: UNTIL_MS });
const { earlier, later } = splitByTime(orders, 0.25);
const trained = trainModel(earlier, { ridge: 0.001 });
const judged = later.map(({ facts, isFraud }) => ({ isFraud, probability: probabilityOf(trained, facts) }));

describe('measuring', () => {
  const of = (...pairs: [number, boolean][]) => pairs.map(([probability, isFraud]) => ({ probability, isFraud }));

  it('knows perfect, guessing and upside down', () => {
    expect(areaUnderCurve(of([0.1, false], [0.2, false], [0.8, true]))).toBe(1);
    expect(areaUnderCurve(of([0.5, false], [0.5, true], [0.5, false], [0.5, true]))).toBe(0.5);
    expect(areaUnderCurve(of([0.9, false], [0.1, true]))).toBe(0);
    // Of six pairs five are right.
    expect(areaUnderCurve(of([0.1, false], [0.4, false], [0.35, true], [0.8, true], [0.9, true]))).toBeCloseTo(5 / 6);
  });

  it('counts what a threshold catches, and what it says of nothing', () => {
    const some = of([0.9, true], [0.8, false], [0.4, true], [0.1, false]);
    expect(atThresholds(some, [0.5, 0.95])).toEqual([
      { threshold: 0.5, precision: 0.5, recall: 0.5, caught: 1, alarms: 2 },
      { threshold: 0.95, precision: null, recall: 0, caught: 0, alarms: 0 },
    ]);
    expect(logLoss(of([0.5, true], [0.5, false]))).toBeCloseTo(Math.LN2);
    expect(calibration(of([1, true], [0.8, false])).at(-1)).toMatchObject({ orders: 2, was: 0.5 });
  });
});

describe('training', () => {
  it('finds the weights that made the orders', () => {
    // One feature decides, by known odds: e^(−1 + 2x) with x the flag, half of the orders each.
    const made: Sample[] = [];
    const add = (flagged: boolean, frauds: number, all: number) => {
      for (let at = 0; at < all; at += 1) {
        const flags = flagged ? ['suspicious-device'] : [];
        made.push({ facts: { ...HARMLESS, flags }, isFraud: at < frauds, atMs: at });
      }
    };
    add(false, 269, 1_000);
    add(true, 731, 1_000);
    const model = trainModel(made, { ridge: 0 });
    expect(probabilityOf(model, { ...HARMLESS })).toBeCloseTo(0.269, 3);
    expect(probabilityOf(model, { ...HARMLESS, flags: ['suspicious-device'] })).toBeCloseTo(0.731, 3);
    const others = model.features.filter(({ name }) => name !== 'suspicious-device');
    expect(others.every(({ weight }) => Math.abs(weight) < 1e-3)).toBe(true);
  });

  it('tells fraud that it has never seen, and says how sure it is', () => {
    expect(areaUnderCurve(judged)).toBeGreaterThan(0.9);
    const shuffled = judged.map((one, at) => ({
      ...one,
      isFraud: judged[(at + 997) % judged.length]?.isFraud === true,
    }));
    expect(areaUnderCurve(shuffled)).toBeLessThan(0.65);
    for (const { orders: count, said, was } of calibration(judged)) {
      if (count > 200) expect(Math.abs(said - was)).toBeLessThan(0.03);
    }
  });

  it('is the same for the same orders, and holds weights back as it is told', () => {
    expect(trainModel(earlier, { ridge: 0.001 })).toEqual(trained);
    const size = (ridge: number) =>
      trainModel(earlier, { ridge }).features.reduce((sum, { weight }) => sum + weight ** 2, 0);
    expect(size(1)).toBeLessThan(size(0.001) / 4);
  });

  it('splits by time, whatever the order that it is given', () => {
    const split = splitByTime(orders.toReversed(), 0.25);
    const last = Math.max(...split.earlier.map(({ atMs }) => atMs));
    expect(split.later.every(({ atMs }) => atMs >= last)).toBe(true);
    expect(split.later).toHaveLength(2_000);
  });

  it('has no answer to equations without one', () => {
    const row = () => Float64Array.of(1, 2);
    expect(() => solve([row(), row()], Float64Array.of(1, 2))).toThrow('no single solution');
    expect([...solve([Float64Array.of(0, 2), Float64Array.of(4, 0)], Float64Array.of(6, 8))]).toEqual([2, 3]);
  });
});

describe('what a model says', () => {
  const versioned = { version: 3, model: trained };

  it('is the sum of what each feature adds; what is not known adds nothing', () => {
    const said = askModel(versioned, { ...HARMLESS, accountsOnDevice: 9, failedPayments: null });
    expect(said.contributions).toHaveLength(5);
    expect(said.contributions[0]?.feature).toBe('accounts-on-device');
    expect(said.contributions.some(({ feature }) => feature === 'failed-payments')).toBe(false);
    const sizes = said.contributions.map(({ weight }) => Math.abs(weight));
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    const odds = said.contributions.reduce((sum, { weight }) => sum + weight, said.others ?? Number.NaN);
    expect(1 / (1 + Math.exp(-odds))).toBeCloseTo(said.probability, 3);
  });

  it('is worth points by thresholds, thirty at most', () => {
    expect([0, 0.049, 0.05, 0.1, 0.3, 0.5, 1].map((p) => pointsOf(trained, p))).toEqual([0, 0, 5, 10, 20, 30, 30]);
    expect(Math.max(...DEFAULT_POINTS.map(({ points }) => points))).toBe(30);
  });

  it('is not asked of a model that this code cannot read', () => {
    expect(readModel({ version: 3, model: trained })).toEqual(versioned);
    expect(readModel(undefined)).toBeUndefined();
    expect(readModel({ version: 3, model: { ...trained, bias: 'much' } })).toBeUndefined();
    expect(readModel({ version: 3, model: { ...trained, features: trained.features.toReversed() } })).toBeUndefined();
    expect(trained.features.map(({ name }) => name)).toEqual(FEATURE_NAMES);
    expect(requireModel(undefined)).toBeUndefined();
    expect(() => requireModel({ version: 3, model: {} })).toThrow('Version 3');
  });
});
