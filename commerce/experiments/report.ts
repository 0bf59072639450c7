/** What an experiment has shown so far, by arm, each next to the control. */
import type { Arm } from './arms.ts';
import {
  type Interval,
  katz,
  newcombe,
  ratioOfSums,
  type Share,
  type Sums,
  sampleNeeded,
  wilson,
  zOf,
} from './lift.ts';

/** Of one arm, over its shoppers who were shown something. */
export interface ArmSums extends Sums {
  readonly arm: string;
  /** Shoppers who clicked, and who bought what they were shown or clicked. */
  readonly clickers: number;
  readonly buyers: number;
}

export interface Compared {
  readonly rate: number;
  readonly interval: Interval;
  /** Of the control itself null. */
  readonly difference: Interval | null;
  readonly lift: number | null;
  readonly liftInterval: Interval | null;
  readonly isSignificant: boolean;
}

export interface ArmReport {
  readonly arm: string;
  readonly isControl: boolean;
  readonly shoppers: number;
  /** Lists shown, and clicks. */
  readonly shown: number;
  readonly clicked: number;
  readonly clicksPerList: Compared;
  readonly clickers: Compared;
  readonly buyers: Compared;
}

export interface ExperimentReport {
  readonly arms: readonly ArmReport[];
  readonly level: number;
  /** Shoppers that each arm needs before its buyers are compared, and whether all have them. */
  readonly sampleNeeded: number;
  readonly isEnough: boolean;
}

export const LEVEL = 0.95;
/** The smallest lift that a shop cares for, and fewer shoppers than this say nothing whatever their rate. */
export const LIFT_LOOKED_FOR = 0.1;
export const LEAST_SHOPPERS = 1_000;

export function reportOn(arms: readonly Pick<Arm, 'name'>[], sums: readonly ArmSums[]): ExperimentReport {
  const rows = arms.map(({ name }) => sums.find(({ arm }) => arm === name) ?? { ...NOTHING, arm: name });
  const [control] = rows;
  if (control === undefined) return { arms: [], level: LEVEL, sampleNeeded: LEAST_SHOPPERS, isEnough: false };
  const z = zOf(LEVEL, rows.length - 1);
  const controlRate = control.shoppers === 0 ? 0 : control.buyers / control.shoppers;
  const needed = Math.max(LEAST_SHOPPERS, sampleNeeded(controlRate, LIFT_LOOKED_FOR, z) ?? LEAST_SHOPPERS);
  // A rate of nothing says nothing of how many it takes.
  const isEnough = controlRate > 0 && rows.every(({ shoppers }) => shoppers >= needed);
  return {
    arms: rows.map((row) => ({
      arm: row.arm,
      isControl: row === control,
      ...{ shoppers: row.shoppers, shown: row.x, clicked: row.y },
      clicksPerList: compareLists(row, control, z, isEnough),
      clickers: compareShares(row, control, z, isEnough, ({ clickers, shoppers: of }) => ({ done: clickers, of })),
      buyers: compareShares(row, control, z, isEnough, ({ buyers, shoppers: of }) => ({ done: buyers, of })),
    })),
    ...{ level: LEVEL, sampleNeeded: needed, isEnough },
  };
}

function compareShares(
  row: ArmSums,
  control: ArmSums,
  z: number,
  isEnough: boolean,
  shareOf: (sums: ArmSums) => Share,
): Compared {
  const [share, base] = [shareOf(row), shareOf(control)];
  const own = { rate: share.of === 0 ? 0 : share.done / share.of, interval: wilson(share, z) };
  if (row === control) return { ...own, ...NOT_COMPARED };
  const difference = newcombe(share, base, z);
  const baseRate = base.of === 0 ? 0 : base.done / base.of;
  return {
    ...own,
    difference,
    lift: baseRate === 0 ? null : own.rate / baseRate - 1,
    liftInterval: katz(share, base, z) ?? null,
    isSignificant: isEnough && excludesNothing(difference),
  };
}

function compareLists(row: ArmSums, control: ArmSums, z: number, isEnough: boolean): Compared {
  const [mine, theirs] = [ratioOfSums(row), ratioOfSums(control)];
  const own = { rate: mine.rate, interval: around(mine.rate, z * mine.error, 0) };
  if (row === control) return { ...own, ...NOT_COMPARED };
  const difference = around(mine.rate - theirs.rate, z * Math.hypot(mine.error, theirs.error));
  // The delta method on the logarithm: relative errors add up.
  const relative = Math.hypot(mine.error / mine.rate, theirs.error / theirs.rate);
  const isComparable = mine.rate > 0 && theirs.rate > 0 && Number.isFinite(relative);
  const ratio = isComparable ? mine.rate / theirs.rate : 0;
  return {
    ...own,
    difference,
    lift: theirs.rate === 0 ? null : mine.rate / theirs.rate - 1,
    liftInterval: isComparable
      ? { low: ratio * Math.exp(-z * relative) - 1, high: ratio * Math.exp(z * relative) - 1 }
      : null,
    isSignificant: isEnough && excludesNothing(difference),
  };
}

const NOTHING = { shoppers: 0, x: 0, y: 0, xx: 0, xy: 0, yy: 0, clickers: 0, buyers: 0 } as const;
const NOT_COMPARED = { difference: null, lift: null, liftInterval: null, isSignificant: false } as const;
const UNKNOWN: Interval = { low: -1, high: 1 };

/** Nobody's rate reaches below `least`; where nothing is known yet, it may be anything. */
function around(middle: number, reach: number, least = -1): Interval {
  if (!Number.isFinite(reach)) return { ...UNKNOWN, low: least };
  return { low: Math.max(least, middle - reach), high: middle + reach };
}

const excludesNothing = ({ low, high }: Interval): boolean => low > 0 || high < 0;
