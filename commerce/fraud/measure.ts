/** How good a judgement of orders was, once it is known which were fraud. */

export interface Judged {
  readonly probability: number;
  readonly isFraud: boolean;
}

export interface AtThreshold {
  readonly threshold: number;
  /** Of those at or above it, how many are fraud; null where there is none. */
  readonly precision: number | null;
  /** Of all fraud, how much is at or above it. */
  readonly recall: number;
  readonly caught: number;
  readonly alarms: number;
}

export interface Calibrated {
  readonly from: number;
  readonly to: number;
  readonly orders: number;
  readonly said: number;
  readonly was: number;
}

/** The probability that a fraud is judged worse than another order: 1 is perfect, 0.5 is guessing. Ties count half. */
export function areaUnderCurve(judged: readonly Judged[]): number {
  const sorted = judged.toSorted((a, b) => a.probability - b.probability);
  const frauds = judged.filter(({ isFraud }) => isFraud).length;
  const others = judged.length - frauds;
  if (frauds === 0 || others === 0) return Number.NaN;
  let ranks = 0;
  for (let at = 0; at < sorted.length; ) {
    let end = at;
    while (end < sorted.length && sorted[end]?.probability === sorted[at]?.probability) end += 1;
    const meanRank = (at + 1 + end) / 2;
    for (; at < end; at += 1) if (sorted[at]?.isFraud === true) ranks += meanRank;
  }
  return (ranks - (frauds * (frauds + 1)) / 2) / (frauds * others);
}

const SURE = 1e-12;

/** The mean surprise: what a model that is sure and wrong pays for most. */
export function logLoss(judged: readonly Judged[]): number {
  const surprise = judged.reduce((sum, { probability, isFraud }) => {
    const right = Math.min(1 - SURE, Math.max(SURE, isFraud ? probability : 1 - probability));
    return sum - Math.log(right);
  }, 0);
  return surprise / judged.length;
}

export function atThresholds(judged: readonly Judged[], thresholds: readonly number[]): AtThreshold[] {
  const frauds = judged.filter(({ isFraud }) => isFraud).length;
  return thresholds.map((threshold) => {
    const alarms = judged.filter(({ probability }) => probability >= threshold);
    const caught = alarms.filter(({ isFraud }) => isFraud).length;
    const precision = alarms.length === 0 ? null : caught / alarms.length;
    return { threshold, precision, recall: caught / frauds, caught, alarms: alarms.length };
  });
}

const EDGES = [0, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 1];

/** Of what was said to be so probable, how much was fraud. */
export function calibration(judged: readonly Judged[]): Calibrated[] {
  return EDGES.slice(0, -1).flatMap((from, at) => {
    const to = EDGES[at + 1] ?? 1;
    const inside = judged.filter(({ probability: p }) => p >= from && (p < to || to === 1));
    if (inside.length === 0) return [];
    const mean = (read: (one: Judged) => number) => inside.reduce((sum, one) => sum + read(one), 0) / inside.length;
    return [
      {
        from,
        to,
        orders: inside.length,
        said: mean((one) => one.probability),
        was: mean((one) => Number(one.isFraud)),
      },
    ];
  });
}
