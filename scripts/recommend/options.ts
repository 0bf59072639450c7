import { parseArgs } from 'node:util';
import { LIMITS } from '../../contracts/limits.ts';

export const HELP = `npm run recommend -- train | evaluate | status | measure [options]

  train      makes a new model from what shoppers did and serves it, with progress. A trainer that runs in the workers
             does so by itself; one of both waits for the other
  status     the last models, the served one with a star, and how far one is that is being trained
  evaluate   how good recommendations are: made-up populations, of which the model does not see the end
  measure    how long a training of made-up shoppers takes, and its memory

  --threads N   threads that train; as many as there are processors unless given, at most 8
  --seed N      of the made-up populations, 1 unless given (evaluate)
  --quick       the made-up shop only, without the measurements of size (evaluate)
  --users N     shoppers, and as many products (measure; 10000 unless given)
  --json        figures as JSON
  --help        this text`;

const COMMANDS = ['train', 'evaluate', 'status', 'measure'] as const;

export interface Options {
  readonly command: (typeof COMMANDS)[number];
  readonly threads: number | undefined;
  readonly seed: number;
  readonly users: number;
  readonly isQuick: boolean;
  readonly asJson: boolean;
}

/** Undefined for what is no use of it, with the reason told. */
export function readOptions(args: readonly string[], tell: (problem: string) => void): Options | 'help' | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        threads: { type: 'string' },
        seed: { type: 'string', default: '1' },
        users: { type: 'string', default: '10000' },
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return 'help';
    const command = COMMANDS.find((name) => name === positionals[0]);
    if (command === undefined || positionals.length > 1) throw new Error(`one of ${COMMANDS.join(', ')} is needed`);
    return {
      command,
      threads: values.threads === undefined ? undefined : whole('--threads', values.threads, 64),
      seed: whole('--seed', values.seed, 1_000_000),
      users: whole('--users', values.users, LIMITS.trainingProducts),
      isQuick: values.quick,
      asJson: values.json,
    };
  } catch (error) {
    tell(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

function whole(name: string, text: string, most: number): number {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value < 1 || value > most)
    throw new Error(`${name} must be a whole number from 1 to ${most}`);
  return value;
}
