/** Idempotency keys as Stripe has them: the first answer for ever, and only for the same call. */
import type { Answer } from './answer.ts';
import type { Book } from './book.ts';
import { BOUNDS } from './bounds.ts';

export type Begun =
  | { readonly is: 'new' }
  | { readonly is: 'replayed'; readonly answer: Answer }
  | { readonly is: 'refused'; readonly answer: Answer };

export class Idempotency {
  readonly #book: Book;
  /** Keys whose call is under way, with its fingerprint. One a connection, so bounded as those are. */
  readonly #running = new Map<string, string>();

  constructor(book: Book) {
    this.#book = book;
  }

  begin(key: string, fingerprint: string): Begun {
    const running = this.#running.get(key);
    const kept = this.#book.kept(key);
    if ((running ?? kept?.fingerprint ?? fingerprint) !== fingerprint) return { is: 'refused', answer: otherCall() };
    if (running !== undefined) return { is: 'refused', answer: underWay() };
    if (kept !== undefined) return { is: 'replayed', answer: kept.answer };
    this.#running.set(key, fingerprint);
    return { is: 'new' };
  }

  /** Its answer is in the book by now, or it was refused before it began and the key is free again. */
  end(key: string): void {
    this.#running.delete(key);
  }

  forgetOld(nowMs: number): void {
    this.#book.forgetKeys(nowMs - BOUNDS.keepKeysMs, BOUNDS.idempotencyKeys);
  }
}

function otherCall(): Answer {
  return {
    kind: 'error',
    error: {
      status: 400,
      type: 'idempotency_error',
      message: 'Keys for idempotent requests can only be used with the same parameters they were first used with.',
    },
  };
}

function underWay(): Answer {
  return {
    kind: 'error',
    error: {
      status: 409,
      type: 'idempotency_error',
      code: 'idempotency_key_in_use',
      message: 'There is currently another in-progress request using this idempotent key.',
    },
  };
}
