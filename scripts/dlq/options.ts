import { parseArgs } from 'node:util';
import type { Topic } from '../../contracts/topics.ts';
import { isTopic } from './letters.ts';

export const HELP = `npm run dlq -- list   [--topic T] [--rows N] [--json]
npm run dlq -- show   LETTER [--json]
npm run dlq -- replay LETTER … [--again] [--dry-run]
npm run dlq -- replay --topic T --all [--again] [--dry-run]

Dead letters: messages that a worker could not handle, kept in <topic>.dlq with the reason.

  list      what there is, the newest last, and a count by topic and problem
  show      one letter with its headers and its whole content
  replay    publishes letters once more to the topic that they came from, once whatever was wrong is mended. Safe: consumers
            know what they have handled. Those that were replayed before are passed over

  LETTER       as the list names it: claims.won/0@12
  --topic T    only this topic, such as notification.email
  --rows N     how many the list shows; 50 unless given
  --all        all letters of the topic
  --again      also those that were replayed before
  --dry-run    say what would be replayed, and change nothing
  --json       for programs
  --help       this text

Exit 1: something could not be replayed, or there is no such letter. The servers are those of the environment, or those that
npm start runs (DATA_DIR/local.env).`;

export type Options =
  | { readonly command: 'help' }
  | { readonly command: 'list'; readonly topic: Topic | undefined; readonly rows: number; readonly json: boolean }
  | { readonly command: 'show'; readonly letter: string; readonly json: boolean }
  | {
      readonly command: 'replay';
      /** Empty for all of the topic. */
      readonly letters: readonly string[];
      readonly topic: Topic | undefined;
      readonly again: boolean;
      readonly dryRun: boolean;
    };

/** Throws with what is wrong. */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      topic: { type: 'string' },
      rows: { type: 'string', default: '50' },
      all: { type: 'boolean', default: false },
      again: { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return { command: 'help' };
  const [command, ...letters] = positionals;
  const topic = values.topic === undefined ? undefined : topicOf(values.topic);
  switch (command) {
    case 'list':
      return { command, topic, rows: rowsOf(values.rows, letters), json: values.json };
    case 'show': {
      const [letter, another] = letters;
      if (letter === undefined || another !== undefined)
        throw new Error('show needs one letter, such as claims.won/0@12.');
      return { command, letter, json: values.json };
    }
    case 'replay': {
      const isAll = values.all && topic !== undefined && letters.length === 0;
      const isSome = !values.all && topic === undefined && letters.length > 0;
      if (!isAll && !isSome) throw new Error('replay needs letters, or --topic T --all.');
      return { command, letters, topic, again: values.again, dryRun: values['dry-run'] };
    }
    default:
      throw new Error(command === undefined ? 'What shall be done: list, show or replay?' : `There is no ${command}.`);
  }
}

function topicOf(text: string): Topic {
  const plain = text.replace(/\.dlq$/, '');
  if (!isTopic(plain)) throw new Error(`There is no topic ${text}.`);
  return plain;
}

function rowsOf(text: string, rest: readonly string[]): number {
  if (rest.length > 0) throw new Error(`list takes no ${rest.join(' ')}.`);
  const rows = Number(text);
  if (!Number.isInteger(rows) || rows < 1) throw new Error('--rows needs a whole number from 1 on.');
  return rows;
}
