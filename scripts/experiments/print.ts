/** The report of an experiment as text. */

import { renderTable, tableOf } from '../../bench/report/table.ts';
import type { Interval } from '../../commerce/experiments/lift.ts';
import {
  type ArmReport,
  type Compared,
  type ExperimentReport,
  LIFT_LOOKED_FOR,
} from '../../commerce/experiments/report.ts';
import type { ArmRevenue } from '../../db/queries/experiments/find-outcomes.ts';

export interface Printed {
  readonly name: string;
  readonly state: string;
  readonly report: ExperimentReport;
  readonly revenue: readonly ArmRevenue[];
}

export function renderExperiment({ name, state, report, revenue }: Printed): string {
  const { arms, level, sampleNeeded, isEnough } = report;
  const sums = arms.map(({ arm, isControl, shoppers, shown, clicked, clickers, buyers }) => ({
    arm: isControl ? `${arm} (control)` : arm,
    ...{ shoppers, lists: shown, clicks: clicked },
    clickers: Math.round(clickers.rate * shoppers),
    buyers: Math.round(buyers.rate * shoppers),
    revenue: revenueOf(revenue, arm),
  }));
  const rates = arms.flatMap((arm) => [
    row(arm, 'clicks a list', arm.clicksPerList),
    row(arm, 'shoppers who clicked', arm.clickers),
    row(arm, 'shoppers who bought', arm.buyers),
  ]);
  const certainty = percent(level, 0);
  return [
    renderTable(tableOf(`${name}, ${state}`, sums)),
    '',
    renderTable(tableOf(`Rates, and lift against the control, with their intervals at ${certainty}`, rates)),
    '',
    isEnough
      ? `Each arm has the ${whole(sampleNeeded)} shoppers that it takes to see a lift of ${percent(LIFT_LOOKED_FOR, 0)} in who buys.`
      : `Not enough yet: each arm needs ${whole(sampleNeeded)} shoppers to show a lift of ${percent(LIFT_LOOKED_FOR, 0)} in who buys. Until then nothing is called significant.`,
    'Who bought: with a product of the order shown or clicked in the day before it. Look once, when there are enough.',
  ].join('\n');
}

function row({ arm, isControl }: ArmReport, what: string, compared: Compared) {
  const { rate, interval, lift, liftInterval, difference, isSignificant } = compared;
  return {
    arm: isControl ? `${arm} (control)` : arm,
    ...{ what, rate: percent(rate), 'from to': between(interval) },
    lift: lift === null ? '' : signed(lift),
    'lift from to': liftInterval === null ? '' : between(liftInterval, signed),
    'points from to': difference === null ? '' : between(difference, signed),
    significant: isControl ? '' : isSignificant ? 'yes' : 'no',
  };
}

function revenueOf(revenue: readonly ArmRevenue[], arm: string): string {
  const own = revenue.filter((one) => one.arm === arm);
  return own.map(({ currency, revenueMinor }) => `${whole(revenueMinor)} ${currency} minor`).join(', ') || 'none';
}

const whole = (value: number): string => value.toLocaleString('en-US');
const percent = (share: number, digits = 2): string => `${(100 * share).toFixed(digits)} %`;
const signed = (share: number): string => `${share > 0 ? '+' : ''}${percent(share)}`;
const between = ({ low, high }: Interval, text: (share: number) => string = percent): string =>
  `${text(low)} to ${text(high)}`;
