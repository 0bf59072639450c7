/** What the command line asks for, or what is wrong with it. */
import { parseArgs } from 'node:util';

export type Asked =
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly problem: string }
  | { readonly kind: 'file'; readonly file: string; readonly htmlFile: string | undefined; readonly top: number }
  | ({ readonly kind: 'scenario' } & ScenarioOptions);

export interface ScenarioOptions {
  readonly scenario: string;
  /** Processes of the run whose time is wanted; what the scenario is about unless given. */
  readonly parts: readonly string[];
  /** Only of runs whose name has this in it: `sold out`, `at half`. */
  readonly only: string | undefined;
  readonly folder: string | undefined;
  readonly seconds: number;
  /** All of the life of a process, not the busiest seconds of it. */
  readonly whole: boolean;
  readonly top: number;
  /** Of its line, where it has one. */
  readonly sockets: string | undefined;
}

const DEFAULT_SECONDS = 5;
const MOST_SECONDS = 120;
const DEFAULT_TOP = 20;
const MOST_TOP = 1_000;
const PROFILE = '.cpuprofile';

export function readArguments(args: readonly string[]): Asked {
  try {
    const text = { type: 'string' } as const;
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        part: { type: 'string', multiple: true },
        whole: { type: 'boolean', default: false },
        ...{ only: text, folder: text, html: text, sockets: text },
        seconds: { type: 'string', default: String(DEFAULT_SECONDS) },
        top: { type: 'string', default: String(DEFAULT_TOP) },
      },
    });
    if (values.help) return { kind: 'help' };
    const [asked, more] = positionals;
    if (asked === undefined) return wrong('Name a scenario or a .cpuprofile file.');
    if (more !== undefined) return wrong(`One at a time: ${more} is one too many.`);
    const top = Number(values.top);
    if (!(Number.isInteger(top) && top >= 1 && top <= MOST_TOP)) {
      return wrong(`--top takes a whole number from 1 to ${MOST_TOP}, not ${values.top}.`);
    }
    if (asked.endsWith(PROFILE)) return { kind: 'file', file: asked, htmlFile: values.html, top };
    if (values.html !== undefined) return wrong('--html belongs to a .cpuprofile file; a scenario has --folder.');
    const seconds = Number(values.seconds);
    if (!(seconds >= 1 && seconds <= MOST_SECONDS)) {
      return wrong(`--seconds takes a number from 1 to ${MOST_SECONDS}, not ${values.seconds}.`);
    }
    const parts = (values.part ?? []).flatMap((names) => names.split(',')).filter((name) => name !== '');
    const { only, folder, whole, sockets } = values;
    return { kind: 'scenario', scenario: asked, parts, only, folder, seconds, whole, top, sockets };
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
}

function wrong(problem: string): Asked {
  return { kind: 'wrong', problem };
}
