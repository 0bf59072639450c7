/** What the pool calls in its thread. */
import { type AssessedClaims, type AssessTask, assessClaims } from './assess.ts';

export default function assess(task: AssessTask): AssessedClaims {
  return assessClaims(task);
}
