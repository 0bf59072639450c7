/** What the command line asks for, or what is wrong with it. */
import { parseArgs } from 'node:util';

/** Where the outcome goes; `undefined`: where it goes by itself. */
export interface AskedFiles {
  readonly jsonFile: string | undefined;
  readonly htmlFile: string | undefined;
}

export interface BenchOptions extends AskedFiles {
  /** How long one run is measured, warm-up not counted; `undefined`: as long as the scenario measures by itself. */
  readonly seconds: number | undefined;
  /** How often what is measured in rounds is measured. */
  readonly rounds: number;
  /** The report of an earlier run to compare with. */
  readonly compareFile: string | undefined;
  /** Exit code 3 when a figure got worse, or none could be judged. */
  readonly failOnWorse: boolean;
  /** Leaves out the curves. */
  readonly quick: boolean;
  /** Sells with a script that forgets to take units off the stock: the audit has to notice. */
  readonly doctored: boolean;
  /** A busy loop so long in the claim path: a regression on purpose, for --compare to notice. 0: none. */
  readonly slowedMs: number;
  /** How many shoppers wait in `line`; the scenario decides where it is not given. */
  readonly sockets: number | undefined;
}

export interface CompareOptions extends AskedFiles {
  readonly before: string;
  readonly after: string;
  readonly failOnWorse: boolean;
}

export interface GoalsOptions {
  /** A folder of reports; the committed baselines unless given. */
  readonly from: string | undefined;
  readonly markdown: boolean;
}

export interface PageOptions {
  readonly file: string;
  readonly htmlFile: string | undefined;
  readonly compareFile: string | undefined;
}

export type Asked =
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly problem: string }
  | { readonly kind: 'run'; readonly scenario: string; readonly options: BenchOptions }
  | { readonly kind: 'compare'; readonly options: CompareOptions }
  | { readonly kind: 'goals'; readonly options: GoalsOptions }
  | { readonly kind: 'page'; readonly options: PageOptions };

const ROUNDS = { whole: 3, quick: 1 } as const;
const OF_A_RUN = {
  seconds: { type: 'string' },
  runs: { type: 'string' },
  json: { type: 'string' },
  html: { type: 'string' },
  compare: { type: 'string' },
  'fail-on-worse': { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  doctored: { type: 'boolean', default: false },
  slowed: { type: 'string', default: '0' },
  sockets: { type: 'string' },
} as const;
const OF_A_COMPARISON = {
  json: { type: 'string' },
  html: { type: 'string' },
  'fail-on-worse': { type: 'boolean', default: false },
} as const;
const OF_GOALS = { from: { type: 'string' }, markdown: { type: 'boolean', default: false } } as const;
const OF_A_PAGE = { html: { type: 'string' }, compare: { type: 'string' } } as const;

/** What is wrong with the words, as an exception: `parseArgs` tells it that way too. */
class Misused extends Error {}

export function readArguments(args: readonly string[]): Asked {
  if (args.includes('--help') || args.includes('-h')) return { kind: 'help' };
  try {
    return read(args);
  } catch (error) {
    return { kind: 'wrong', problem: error instanceof Error ? error.message : String(error) };
  }
}

function read(args: readonly string[]): Asked {
  switch (args[0]) {
    case 'compare':
      return readCompare(args);
    case 'goals':
      return readGoals(args);
    case 'page':
      return readPage(args);
    default:
      return readRun(args);
  }
}

function readRun(args: readonly string[]): Asked {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OF_A_RUN });
  const [scenario, more] = positionals;
  if (scenario === undefined) throw new Misused('Name a scenario.');
  if (more !== undefined) throw new Misused(`One scenario at a time: ${more} is one too many.`);
  const { quick, doctored } = values;
  const options: BenchOptions = {
    seconds:
      values.seconds === undefined ? undefined : numberOf('--seconds', values.seconds, { least: 0.1, most: 600 }),
    rounds:
      values.runs === undefined
        ? ROUNDS[quick ? 'quick' : 'whole']
        : numberOf('--runs', values.runs, { least: 1, most: 20, whole: true }),
    ...{ jsonFile: values.json, htmlFile: values.html, compareFile: values.compare },
    failOnWorse: values['fail-on-worse'],
    ...{ quick, doctored },
    slowedMs: numberOf('--slowed', values.slowed, { least: 0, most: 1_000 }),
    sockets:
      values.sockets === undefined
        ? undefined
        : numberOf('--sockets', values.sockets, { least: 1_000, most: 1_000_000, whole: true }),
  };
  if (options.failOnWorse && options.compareFile === undefined) {
    throw new Misused('--fail-on-worse needs --compare FILE: worse than what?');
  }
  return { kind: 'run', scenario, options };
}

function readCompare(args: readonly string[]): Asked {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OF_A_COMPARISON });
  const [, before, after, more] = positionals;
  if (before === undefined || after === undefined || more !== undefined) {
    throw new Misused('compare takes two reports: the one before, and the one after.');
  }
  const { json: jsonFile, html: htmlFile } = values;
  return { kind: 'compare', options: { before, after, jsonFile, htmlFile, failOnWorse: values['fail-on-worse'] } };
}

function readGoals(args: readonly string[]): Asked {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OF_GOALS });
  if (positionals.length > 1) throw new Misused('goals takes a folder by --from, and nothing else.');
  return { kind: 'goals', options: { from: values.from, markdown: values.markdown } };
}

function readPage(args: readonly string[]): Asked {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OF_A_PAGE });
  const [, file, more] = positionals;
  if (file === undefined || more !== undefined) throw new Misused('page takes one report.');
  return { kind: 'page', options: { file, htmlFile: values.html, compareFile: values.compare } };
}

interface Range {
  readonly least: number;
  readonly most: number;
  readonly whole?: boolean;
}

function numberOf(option: string, text: string, { least, most, whole = false }: Range): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
  throw new Misused(`${option} takes a ${whole ? 'whole ' : ''}number from ${least} to ${most}, not ${text}.`);
}
