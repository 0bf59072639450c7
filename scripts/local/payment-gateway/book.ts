/** Everything that the gateway knows, in memory; the journal makes it outlive the process. */
import type { Answer, Phase } from './answer.ts';

export interface Intent {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdMs: number;
  readonly phase: Phase;
  readonly returnUrl?: string;
  /** How often it was captured: once, or the gateway is wrong. */
  readonly captures: number;
  readonly refunded: number;
  /** Of one that is processing: when it is decided. */
  readonly decideAtMs?: number;
  readonly canceledAtMs?: number;
}

export interface Refund {
  readonly id: string;
  readonly intent: string;
  readonly amount: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdMs: number;
}

export interface KeptAnswer {
  readonly key: string;
  readonly fingerprint: string;
  readonly atMs: number;
  readonly answer: Answer;
}

/** One line of the journal: everything that one call changed, so that it is there whole or not at all. */
export interface Change {
  readonly intent?: Intent;
  readonly refund?: Refund;
  readonly kept?: KeptAnswer;
}

export class Book {
  readonly #intents = new Map<string, Intent>();
  readonly #refunds = new Map<string, Refund>();
  readonly #refundsOf = new Map<string, readonly string[]>();
  readonly #kept = new Map<string, KeptAnswer>();
  /** Ids by the time of creation, for lists. */
  readonly #order: string[] = [];
  readonly #place = new Map<string, number>();

  get intents(): number {
    return this.#intents.size;
  }

  apply(change: Change): void {
    const { intent, refund, kept } = change;
    if (intent !== undefined) {
      if (!this.#intents.has(intent.id)) {
        this.#place.set(intent.id, this.#order.length);
        this.#order.push(intent.id);
      }
      this.#intents.set(intent.id, intent);
    }
    if (refund !== undefined) {
      this.#refunds.set(refund.id, refund);
      this.#refundsOf.set(refund.intent, [...(this.#refundsOf.get(refund.intent) ?? []), refund.id]);
    }
    if (kept !== undefined) this.#kept.set(kept.key, kept);
  }

  intent(id: string): Intent | undefined {
    return this.#intents.get(id);
  }

  refund(id: string): Refund | undefined {
    return this.#refunds.get(id);
  }

  refundsOf(intent: string): readonly Refund[] {
    return (this.#refundsOf.get(intent) ?? []).flatMap((id) => this.#refunds.get(id) ?? []);
  }

  kept(key: string): KeptAnswer | undefined {
    return this.#kept.get(key);
  }

  /** The oldest keys go when they are old enough, or when there are too many. */
  forgetKeys(beforeMs: number, most: number): void {
    for (const [key, { atMs }] of this.#kept) {
      if (atMs >= beforeMs && this.#kept.size <= most) return;
      this.#kept.delete(key);
    }
  }

  /** Newest first, from the one after `startingAfter`; undefined when that one is unknown. */
  *newestFirst(startingAfter?: string): Generator<Intent> {
    const from = startingAfter === undefined ? this.#order.length : (this.#place.get(startingAfter) ?? 0);
    for (let at = from - 1; at >= 0; at -= 1) {
      const intent = this.#intents.get(this.#order[at] ?? '');
      if (intent !== undefined) yield intent;
    }
  }

  *newestRefundsFirst(): Generator<Refund> {
    yield* [...this.#refunds.values()].reverse();
  }

  *allIntents(): Generator<Intent> {
    yield* this.#intents.values();
  }

  /** Everything, for a journal that is written anew. */
  *changes(): Generator<Change> {
    for (const intent of this.#intents.values()) yield { intent };
    for (const refund of this.#refunds.values()) yield { refund };
    for (const kept of this.#kept.values()) yield { kept };
  }

  get size(): number {
    return this.#intents.size + this.#refunds.size + this.#kept.size;
  }
}
