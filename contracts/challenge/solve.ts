/**
 * Solves a challenge of the edge: `challenge` of a welcome or a refusal in, `proof` of a join out. It runs in browsers
 * and in Node; it takes a moment by design, so a page runs it in a worker.
 */
import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';
import { Check } from 'typebox/value';
import { Challenge } from './format.ts';

export interface SolveOptions {
  /** Gives up after this long; 60 s unless given. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export class UnsolvedError extends Error {
  override readonly name = 'UnsolvedError';
}

export async function solve(challenge: string, { timeoutMs = 60_000, signal }: SolveOptions = {}): Promise<string> {
  const parsed: unknown = JSON.parse(challenge);
  if (!Check(Challenge, parsed)) throw new UnsolvedError('This is no challenge of the edge.');
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted === true) abort();
  try {
    const solution = await solveChallenge({ challenge: parsed, deriveKey, timeout: timeoutMs, controller });
    if (solution === null) throw new UnsolvedError('The challenge was not solved in time.');
    return btoa(JSON.stringify({ challenge: parsed, solution }));
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}
