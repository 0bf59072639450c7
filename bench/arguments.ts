/** What the command line asks for, or what is wrong with it. */
import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** How long one run is measured. Warm-up comes before it. */
  readonly seconds: number;
  /** How often what is measured in rounds is measured. */
  readonly rounds: number;
  readonly jsonFile: string | undefined;
  /** Leaves out the curves. */
  readonly quick: boolean;
  /** Sells with a script that forgets to take units off the stock: the audit has to notice. */
  readonly doctored: boolean;
  /** How many shoppers wait in `line`; the scenario decides where it is not given. */
  readonly sockets: number | undefined;
}

export type Asked =
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly problem: string }
  | { readonly kind: 'run'; readonly scenario: string; readonly options: BenchOptions };

const DEFAULT_SECONDS = 5;
const ROUNDS = { whole: 3, quick: 1 } as const;
const MOST_ROUNDS = 20;
const MOST_SECONDS = 600;
const LEAST_SECONDS = 0.1;
const LEAST_SOCKETS = 1_000;
const MOST_SOCKETS = 1_000_000;

export function readArguments(args: readonly string[]): Asked {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        seconds: { type: 'string', default: String(DEFAULT_SECONDS) },
        runs: { type: 'string' },
        json: { type: 'string' },
        quick: { type: 'boolean', default: false },
        doctored: { type: 'boolean', default: false },
        sockets: { type: 'string' },
      },
    });
    if (values.help) return { kind: 'help' };
    const [scenario, more] = positionals;
    if (scenario === undefined) return wrong('Name a scenario.');
    if (more !== undefined) return wrong(`One scenario at a time: ${more} is one too many.`);
    const seconds = Number(values.seconds);
    if (!(seconds >= LEAST_SECONDS && seconds <= MOST_SECONDS)) {
      return wrong(`--seconds takes a number from ${LEAST_SECONDS} to ${MOST_SECONDS}, not ${values.seconds}.`);
    }
    const sockets = values.sockets === undefined ? undefined : Number(values.sockets);
    if (sockets !== undefined && !(Number.isInteger(sockets) && sockets >= LEAST_SOCKETS && sockets <= MOST_SOCKETS)) {
      return wrong(`--sockets takes a whole number from ${LEAST_SOCKETS} to ${MOST_SOCKETS}, not ${values.sockets}.`);
    }
    const { json: jsonFile, quick, doctored } = values;
    const rounds = values.runs === undefined ? ROUNDS[quick ? 'quick' : 'whole'] : Number(values.runs);
    if (!(Number.isInteger(rounds) && rounds >= 1 && rounds <= MOST_ROUNDS)) {
      return wrong(`--runs takes a whole number from 1 to ${MOST_ROUNDS}, not ${values.runs}.`);
    }
    return { kind: 'run', scenario, options: { seconds, rounds, jsonFile, quick, doctored, sockets } };
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
}

function wrong(problem: string): Asked {
  return { kind: 'wrong', problem };
}
