/** One shopper, whatever sockets they have: who they are, what they won, and what they still have to be told. */
import type { KindName } from './kinds.ts';
import type { Person } from './notes.ts';

export interface Account {
  readonly at: number;
  readonly kind: KindName;
  readonly person: Person;
  readonly token: string;
  /** When they were due: performance.now(). */
  readonly dueMs: number;
  wins: number;
  isPlaced: boolean;
  isAdmitted: boolean;
  entrant: string;
  place: number;
  /** Refusals that are honest if the limit turns out to be reached: an answer to another socket may be on its way. */
  limitRefusals: number;
}

export function newAccount(known: Pick<Account, 'at' | 'kind' | 'person' | 'token' | 'dueMs'>): Account {
  const nothingYet = { wins: 0, isPlaced: false, isAdmitted: false, entrant: '', place: 0, limitRefusals: 0 };
  return { ...known, ...nothingYet };
}
