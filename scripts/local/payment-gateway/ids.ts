import { randomBytes } from 'node:crypto';

/** `pi_…` as Stripe makes them: nothing can be told from one, and none can be guessed. */
export function newId(kind: 'pi' | 're' | 'evt' | 'req'): string {
  return `${kind}_${randomBytes(12).toString('hex')}`;
}
