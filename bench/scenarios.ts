import { core } from './core/scenario.ts';
import { edge } from './edge/scenario.ts';
import { limits } from './limits/scenario.ts';
import { line } from './line/scenario.ts';
import { orders } from './orders/scenario.ts';
import { peers } from './peers/scenario.ts';
import { sale } from './sale/scenario.ts';
import type { Scenario } from './scenario.ts';
import { stock } from './stock/scenario.ts';
import { store } from './store/scenario.ts';

/** In the order in which --help shows them. A new scenario is a folder and a line here. */
export const SCENARIOS: readonly Scenario[] = [limits, core, edge, line, orders, stock, store, sale, peers];

const NAMES = SCENARIOS.map(({ name }) => name);
/** Who reads an option that is not for all. */
const READ_BY = {
  doctored: NAMES.filter((name) => name !== limits.name),
  slowed: [core.name, edge.name],
  sockets: [line.name, sale.name],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export interface SpecialOptions {
  readonly doctored: boolean;
  readonly slowedMs: number;
  readonly sockets: number | undefined;
}

/** Said before anything is measured: a run that passes over what it was asked for looks as if it had done it. */
export function passedOver(scenario: string, { doctored, slowedMs, sockets }: SpecialOptions): string | undefined {
  const given = { doctored, slowed: slowedMs > 0, sockets: sockets !== undefined };
  for (const option of ['doctored', 'slowed', 'sockets'] as const) {
    if (given[option] && !READ_BY[option].includes(scenario)) {
      return `--${option} changes nothing of ${scenario}: it is for ${READ_BY[option].join(', ')}.`;
    }
  }
  return undefined;
}
