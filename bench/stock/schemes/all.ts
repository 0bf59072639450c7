/** All ways that are measured, by name: the generator is told only that. */
import { batched } from './batch.ts';
import { SHARDED, UNIT_ROWS } from './divided.ts';
import { ADVISORY, BARE, CHECK_THEN_WRITE } from './locks.ts';
import type { Scheme } from './scheme.ts';
import { UPDATE, UPDATE_FIRST, UPDATE_LAST } from './update.ts';

export const OURS = batched(1);
export const SCHEMES: readonly Scheme[] = [
  ...[BARE, UPDATE, UPDATE_FIRST, UPDATE_LAST, ADVISORY, UNIT_ROWS, SHARDED],
  ...[batched(1, 1), OURS, batched(2)],
];

export function schemeNamed(name: string): Scheme {
  const found = [...SCHEMES, CHECK_THEN_WRITE].find((scheme) => scheme.name === name);
  if (found === undefined) throw new Error(`There is no scheme ${name}.`);
  return found;
}
