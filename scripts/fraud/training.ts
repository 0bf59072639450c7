/** One training: split by time, fitted on what came earlier, measured on what came later, compared with what there is. */
import { areaUnderCurve, atThresholds, calibration, type Judged, logLoss } from '../../commerce/fraud/measure.ts';
import { type FraudModel, probabilityOf } from '../../commerce/fraud/model.ts';
import { scoreOrder } from '../../commerce/fraud/score.ts';
import { type Sample, splitByTime, trainModel } from '../../commerce/fraud/train.ts';

export interface Measured {
  readonly orders: number;
  readonly frauds: number;
  readonly auc: number;
  readonly logLoss: number;
  readonly thresholds: ReturnType<typeof atThresholds>;
  readonly calibration: ReturnType<typeof calibration>;
}

export interface Training {
  readonly model: FraudModel;
  readonly trained: { readonly orders: number; readonly frauds: number };
  readonly heldOut: Measured;
  /** How well the points of the rules alone rank the same orders. */
  readonly rulesAuc: number;
}

export const HELD_OUT = 0.25;
const RIDGE = 0.001;
const THRESHOLDS = [0.05, 0.1, 0.25, 0.5, 0.75];
/** So much a worse rank may be chance. */
const NOISE = 0.002;

const fraudsOf = (samples: readonly Sample[]) => samples.filter(({ isFraud }) => isFraud).length;

export function train(samples: readonly Sample[]): Training {
  const { earlier, later } = splitByTime(samples, HELD_OUT);
  const model = trainModel(earlier, { ridge: RIDGE });
  const byRules = later.map(({ facts, isFraud }) => ({ probability: scoreOrder(facts).score, isFraud }));
  return {
    model,
    trained: { orders: earlier.length, frauds: fraudsOf(earlier) },
    heldOut: measure(model, later),
    rulesAuc: areaUnderCurve(byRules),
  };
}

export function measure(model: FraudModel, samples: readonly Sample[]): Measured {
  const judged: Judged[] = samples.map(({ facts, isFraud }) => ({ isFraud, probability: probabilityOf(model, facts) }));
  return {
    ...{ orders: samples.length, frauds: fraudsOf(samples) },
    ...{ auc: areaUnderCurve(judged), logLoss: logLoss(judged) },
    ...{ thresholds: atThresholds(judged, THRESHOLDS), calibration: calibration(judged) },
  };
}

/** The latest orders, which a training would not have seen. */
export function heldOutOf(samples: readonly Sample[]): readonly Sample[] {
  return splitByTime(samples, HELD_OUT).later;
}

/** Better than guessing. Where the latest orders have no fraud nobody knows, and it is not. */
export function isUseful({ auc }: Pick<Measured, 'auc'>): boolean {
  return auc > 0.5 + NOISE;
}

/** Less surprised by the same orders, and no worse at ranking them. */
export function isBetter(made: Pick<Measured, 'auc' | 'logLoss'>, active: Pick<Measured, 'auc' | 'logLoss'>): boolean {
  return made.logLoss < active.logLoss && made.auc >= active.auc - NOISE;
}
