/** Where the edge decides a claim, and the same with a busy loop in it: a regression on purpose, for a comparison to notice. */

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export const CLAIM_PATH = pathToFileURL(join(import.meta.dirname, '../../../edge/session/claim.ts')).href;

/** The head of what asks the core, and of what refuses without asking it: each claim comes through one of them. */
const HEADS = [
  /^export function claim\([^)]*\): Promise<ClaimOutcome> \{\n/m,
  /^export function isKnownGone\((?:.*\n)+?\): boolean \{\n/m,
];

export function slowed(source: string, ms: number): string {
  const busy = `  for (const untilMs = performance.now() + ${ms}; performance.now() < untilMs; );\n`;
  return HEADS.reduce((text, head) => {
    const changed = text.replace(head, (found) => found + busy);
    if (changed === text) throw new Error(`The edge decides claims elsewhere now: ${head} is not in ${CLAIM_PATH}.`);
    return changed;
  }, source);
}
