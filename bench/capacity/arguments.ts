/** What the command line asks for, or all that is wrong with it. */
import { parseArgs } from 'node:util';
import { DEFAULT_LOADS, LOAD_NAMES, type Loads, OPTIONS, type Option, problemsOf } from './loads.ts';

export type Output = 'text' | 'json' | 'markdown';

export type Asked =
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly problems: readonly string[] }
  | { readonly kind: 'plan'; readonly loads: Loads; readonly from: string | undefined; readonly output: Output }
  | { readonly kind: 'write' }
  | { readonly kind: 'check'; readonly from: string | undefined; readonly output: Output; readonly tolerance: number };

/** Of the value measured. docs/CAPACITY.md has the reasons. */
export const TOLERANCE_PERCENT = 30;

type Bounds = Omit<Option, 'about'>;

const TOLERANCE: Bounds = { flag: 'tolerance', least: 1, most: 1_000, whole: false };

export function readArguments(args: readonly string[]): Asked {
  try {
    const text = { type: 'string' } as const;
    const flags = Object.fromEntries(LOAD_NAMES.map((name) => [OPTIONS[name].flag, text]));
    const on = { type: 'boolean', default: false } as const;
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...flags,
        ...{ help: { ...on, short: 'h' }, json: on, markdown: on, check: on, write: on, from: text, tolerance: text },
      },
    });
    if (values.help) return { kind: 'help' };
    // The document is of the committed baselines and the loads that it names: nothing else goes with it.
    if (values.write === true)
      return args.length === 1 ? { kind: 'write' } : { kind: 'wrong', problems: ['--write takes nothing else.'] };
    return interpret(new Map(Object.entries(values)));
  } catch (error) {
    return { kind: 'wrong', problems: [error instanceof Error ? error.message : String(error)] };
  }
}

function interpret(values: ReadonlyMap<string, unknown>): Asked {
  const problems: string[] = [];
  const loads: Loads = {
    ...DEFAULT_LOADS,
    ...Object.fromEntries(
      LOAD_NAMES.map((name) => [name, numberOf(values, OPTIONS[name], DEFAULT_LOADS[name], problems)]),
    ),
  };
  const tolerance = numberOf(values, TOLERANCE, TOLERANCE_PERCENT, problems);
  const given = values.get('from');
  const from = typeof given === 'string' ? given : undefined;
  if (from === '') problems.push('--from takes a folder.');
  if (values.get('json') === true && values.get('markdown') === true) problems.push('--json or --markdown, not both.');
  const isCheck = values.get('check') === true;
  problems.push(...(isCheck ? uselessIn(values) : outOfPlaceIn(values)));
  // What two figures say together is only worth a word once each of them is right.
  if (!isCheck && problems.length === 0) problems.push(...problemsOf(loads));
  if (problems.length > 0) return { kind: 'wrong', problems };
  const output = outputOf(values);
  return isCheck ? { kind: 'check', from, output, tolerance } : { kind: 'plan', loads, from, output };
}

function numberOf(values: ReadonlyMap<string, unknown>, option: Bounds, otherwise: number, problems: string[]): number {
  const { flag, least, most, whole } = option;
  const given = values.get(flag);
  if (given === undefined) return otherwise;
  const value = given === '' ? Number.NaN : Number(given);
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
  problems.push(`--${flag} takes a ${whole ? 'whole ' : ''}number from ${least} to ${most}, not ${String(given)}.`);
  return otherwise;
}

function uselessIn(values: ReadonlyMap<string, unknown>): string[] {
  const useless = LOAD_NAMES.filter((name) => values.has(OPTIONS[name].flag)).map((name) => `--${OPTIONS[name].flag}`);
  return useless.length === 0
    ? []
    : [`--check holds the model against what was measured: ${useless.join(', ')} would change nothing.`];
}

function outOfPlaceIn(values: ReadonlyMap<string, unknown>): string[] {
  return values.has(TOLERANCE.flag) ? ['--tolerance belongs to --check.'] : [];
}

function outputOf(values: ReadonlyMap<string, unknown>): Output {
  if (values.get('json') === true) return 'json';
  return values.get('markdown') === true ? 'markdown' : 'text';
}
