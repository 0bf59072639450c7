/** What the command says, line by line. */
import type { FraudModel } from '../../commerce/fraud/model.ts';
import { bounds, checkTable } from '../../commerce/fraud/table.ts';
import type { Measured } from './training.ts';

export type Say = (line: string) => void;

const percent = (share: number | null) => (share === null ? '–' : `${(100 * share).toFixed(1)} %`);
const row = (...cells: (string | number)[]) =>
  `  ${cells.map((cell, at) => (at === 0 ? String(cell).padEnd(24) : String(cell).padStart(12))).join('')}`;

export function printMeasured(say: Say, heading: string, measured: Measured): void {
  const { orders, frauds, auc, logLoss, thresholds, calibration } = measured;
  say(`${heading}: ${orders} orders, ${frauds} of them fraud, AUC ${auc.toFixed(4)}, log loss ${logLoss.toFixed(4)}`);
  say(row('probability at least', 'precision', 'recall', 'alarms'));
  for (const { threshold, precision, recall, alarms } of thresholds) {
    say(row(threshold.toString(), percent(precision), percent(recall), alarms));
  }
  say(row('said between', 'orders', 'said', 'was fraud'));
  for (const { from, to, orders: count, said, was } of calibration) {
    say(row(`${from} and ${to}`, count, percent(said), percent(was)));
  }
}

export function printModel(say: Say, { bias, features, points }: FraudModel): void {
  say(row('coefficient', 'weight', 'mean', 'deviation'));
  const strongest = features.toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  for (const { name, weight, mean, deviation } of strongest) {
    say(row(name, weight.toFixed(3), mean.toFixed(3), deviation.toFixed(3)));
  }
  say(row('(bias)', bias.toFixed(3)));
  say(`  points: ${points.map(({ from, points: gives }) => `${gives} from ${from}`).join(', ')}`);
}

/** Whether every row is as it was asked for. */
export function printTable(say: Say): boolean {
  const rows = checkTable();
  say(`${'facts'.padEnd(32)}${'expected'.padStart(14)}${'got'.padStart(14)}`);
  for (const { says, score, verdict, got, isRight } of rows) {
    const [expected, found] = [`${score} ${verdict}`, `${got.score} ${got.verdict}`];
    say(`${says.padEnd(32)}${expected.padStart(14)}${found.padStart(14)}${isRight ? '' : '   WRONG'}`);
  }
  const { reviewFrom, blockedFrom } = bounds();
  say(`review from ${reviewFrom} points (over 40), blocked from ${blockedFrom} (over 70)`);
  const wrong = rows.filter(({ isRight }) => !isRight).length;
  const areBounds = reviewFrom === 41 && blockedFrom === 71;
  say(`${rows.length - wrong} of ${rows.length} rows as asked for`);
  return wrong === 0 && areBounds;
}
