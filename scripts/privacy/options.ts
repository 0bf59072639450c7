import { parseArgs } from 'node:util';
import { isUuidV7 } from '../../contracts/ids.ts';

export const HELP = `npm run privacy -- export --user ID [--out FILE]
npm run privacy -- erase  --user ID [--now]
npm run privacy -- status --user ID

What is known of a person: an account, or a guest by the shopper of their orders. docs/PRIVACY.md says what that is.

  export       writes everything as JSON, to standard output or FILE (which must not exist, and which only you can read)
  erase        asks for an erasure; the privacy worker does it after two weeks, in which the person can call it off
  status       what was asked for this person, and how far it is

  --now        without the two weeks: for who asked in writing, and was told that there is no way back
  --help       this text

Each is written to the audit trail. Exit 1: no such person, or something has to be finished before. The servers are those of
the environment, or those that npm start runs (DATA_DIR/local.env).`;

export type Options =
  | { readonly command: 'help' }
  | { readonly command: 'export'; readonly userId: string; readonly out: string | undefined }
  | { readonly command: 'erase'; readonly userId: string; readonly now: boolean }
  | { readonly command: 'status'; readonly userId: string };

/** Throws with what is wrong. */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      user: { type: 'string' },
      out: { type: 'string' },
      now: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return { command: 'help' };
  const [command, ...more] = positionals;
  const { user: userId, out, now } = values;
  if (more.length > 0) throw new Error(`There is too much: ${more.join(' ')}`);
  if (userId === undefined || !isUuidV7(userId)) throw new Error('--user ID: the id of an account or shopper.');
  switch (command) {
    case 'export':
      return { command, userId, out };
    case 'erase':
      return { command, userId, now };
    case 'status':
      return { command, userId };
    default:
      throw new Error('What is to be done? export, erase or status.');
  }
}
