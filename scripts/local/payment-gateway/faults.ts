/** Faults to order. Who is hit follows from the seed and the payment, so that a run can be repeated. */
import { hash } from 'node:crypto';
import { BOUNDS } from './bounds.ts';
import { type Card, SLOW_MS } from './cards.ts';

export interface FaultSettings {
  readonly declineRate: number;
  /** The work is done, but its answer does not come: held or cut. */
  readonly timeoutRate: number;
  /** A 500, half of them before the work and half of them after it. */
  readonly errorRate: number;
  readonly delayMs: number;
  readonly webhookDuplicateRate: number;
  readonly webhookLostRate: number;
  readonly webhookDelayMs: number;
  readonly webhookShuffle: boolean;
  readonly seed: number;
}

export const NO_FAULTS: FaultSettings = {
  declineRate: 0,
  timeoutRate: 0,
  errorRate: 0,
  delayMs: 0,
  webhookDuplicateRate: 0,
  webhookLostRate: 0,
  webhookDelayMs: 0,
  webhookShuffle: false,
  seed: 1,
};

/** What happens to one call. */
export interface Plan {
  readonly delayMs: number;
  readonly isBroken: boolean;
  readonly decline?: string;
  readonly after: 'answer' | 'hold' | 'cut' | 'error';
}

const NOTHING: Plan = { delayMs: 0, isBroken: false, after: 'answer' };

export interface Call {
  readonly what: 'create' | 'confirm' | 'cancel' | 'refund' | 'read';
  /** Of the payment: the caller's own id for it where it gave one. */
  readonly id: string;
  readonly card?: Card | undefined;
}

export class Faults {
  #settings = NO_FAULTS;
  /** How often a call was hit already: a fault passes, so that it can be told from an outage. */
  readonly #hits = new Map<string, number>();

  get settings(): FaultSettings {
    return this.#settings;
  }

  /** The problem with what was asked for, or nothing. What is not named stays as it is. */
  set(asked: unknown): string | undefined {
    if (typeof asked !== 'object' || asked === null) return 'expected an object';
    const known: Readonly<Record<string, unknown>> = { ...NO_FAULTS };
    for (const [name, value] of Object.entries(asked)) {
      const problem = name in known ? problemOf(name, value) : 'is unknown';
      if (problem !== undefined) return `${name} ${problem}`;
    }
    this.#settings = { ...this.#settings, ...asked };
    this.#hits.clear();
    return undefined;
  }

  plan(call: Call): Plan {
    const delayMs = this.#settings.delayMs;
    if (call.what === 'read') return { ...NOTHING, delayMs };
    const ofCard = this.#ofCard(call);
    if (ofCard !== undefined) return { ...ofCard, delayMs: delayMs + ofCard.delayMs };
    const isDeclined = call.what === 'confirm' && this.roll('decline', call.id) < this.#settings.declineRate;
    const plan = isDeclined ? { ...NOTHING, delayMs, decline: 'generic_decline' } : { ...NOTHING, delayMs };
    const key = `${call.what} ${call.id}`;
    if (this.roll('timeout', key) < this.#settings.timeoutRate && this.#isHit(`timeout ${key}`))
      return { ...plan, after: this.roll('how', key) < 0.5 ? 'hold' : 'cut' };
    if (this.roll('error', key) < this.#settings.errorRate && this.#isHit(`error ${key}`))
      return this.roll('when', key) < 0.5 ? { ...plan, isBroken: true } : { ...plan, after: 'error' };
    return plan;
  }

  /** From 0 to 1, always the same for the same seed, purpose and id. */
  roll(purpose: string, id: string): number {
    return Number.parseInt(hash('sha1', `${this.#settings.seed} ${purpose} ${id}`).slice(0, 12), 16) / 2 ** 48;
  }

  #ofCard({ what, id, card }: Call): Plan | undefined {
    if (what !== 'confirm' || card?.fault === undefined || !this.#isHit(`card ${id}`, 1)) return undefined;
    switch (card.fault) {
      case 'slow':
        return { ...NOTHING, delayMs: SLOW_MS };
      case 'hold':
      case 'cut':
        return { ...NOTHING, after: card.fault };
      case 'error-before':
        return { ...NOTHING, isBroken: true };
      case 'error-after':
        return { ...NOTHING, after: 'error' };
    }
  }

  #isHit(key: string, most: number = BOUNDS.faultyTries): boolean {
    const hits = this.#hits.get(key) ?? 0;
    if (hits >= most || (hits === 0 && this.#hits.size >= BOUNDS.faultyCalls)) return false;
    this.#hits.set(key, hits + 1);
    return true;
  }
}

function problemOf(name: string, value: unknown): string | undefined {
  if (name === 'webhookShuffle') return typeof value === 'boolean' ? undefined : 'must be true or false';
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) return 'must be a number of at least 0';
  if (name.endsWith('Rate')) return value <= 1 ? undefined : 'must be from 0 to 1';
  return name === 'seed' || value <= 60_000 ? undefined : 'must be at most 60000';
}
