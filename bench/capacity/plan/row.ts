/** One part of a plan: how many of it, what asks for that many, and which measured figures say so. */
import type { Cost } from '../seek.ts';

export interface Need {
  /** What has to be carried: `claims won and refused`. */
  readonly what: string;
  readonly count: number;
}

export interface PlanRow {
  readonly part: string;
  readonly count: number;
  readonly machines: number;
  /** What asks for the most. */
  readonly limitedBy: string;
  /** All that was looked at, the largest first. */
  readonly needs: readonly Need[];
  readonly from: readonly string[];
}

export interface Remark {
  readonly about: string;
  readonly text: string;
}

/** As many as the largest need asks for, and never fewer than `least`. */
export function rowOf(
  part: string,
  needs: readonly Need[],
  rest: { readonly perMachine: number; readonly least?: number; readonly costs: readonly Cost[] },
): PlanRow {
  const { perMachine, least = 1, costs } = rest;
  const rounded = needs.map(({ what, count }) => ({ what, count: Math.ceil(roundedOff(count)) }));
  const sorted = rounded.sort((a, b) => b.count - a.count);
  const [largest] = sorted;
  const enough = largest !== undefined && largest.count >= least;
  const count = Math.max(least, largest?.count ?? 0);
  return {
    part,
    count,
    machines: Math.ceil(count / Math.max(1, perMachine)),
    limitedBy: enough ? largest.what : 'there have to be that many',
    needs: sorted,
    from: [...new Set(costs.map(({ value, unit, from }) => `${shown(value)} ${unit}: ${from}`))],
  };
}

/** 3.0000000004 processes are three. */
function roundedOff(count: number): number {
  return Number(count.toPrecision(9));
}

const DIGITS = 3;

export function shown(value: number): string {
  const wide = Math.abs(value) >= 10 ** (DIGITS - 1) ? Math.round(value) : Number(value.toPrecision(DIGITS));
  return wide.toLocaleString('en-US', { maximumSignificantDigits: 21 });
}
