/** Where the edge takes up a claim, and the same with a busy loop in it: a regression on purpose, for a comparison to notice. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export const CLAIM_PATH = pathToFileURL(join(import.meta.dirname, '../../../edge/session/session.ts')).href;

/** Each claim comes through here once, also one that is refused without asking anybody. */
const HEAD = /^ *case 'claim':\n/gm;

export function slowed(source: string, ms: number): string {
  if ([...source.matchAll(HEAD)].length !== 1) {
    throw new Error(`The edge takes up claims elsewhere now: ${HEAD} is not once in ${CLAIM_PATH}.`);
  }
  const busy = `for (const untilMs = performance.now() + ${ms}; performance.now() < untilMs; );\n`;
  return source.replace(HEAD, (found) => found + busy);
}
