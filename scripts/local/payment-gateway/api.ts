/** From a call to its answer: keys, faults, books, journal, events. Knows nothing of HTTP. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../../platform/clock.ts';
import { type Answer, BROKEN, noSuch } from './answer.ts';
import type { Book, Change, Intent } from './book.ts';
import { callOf, paymentOf, perform, type Read, type Write } from './calls.ts';
import { PROCESSING_MS } from './cards.ts';
import type { Faults, Plan } from './faults.ts';
import { fingerprint, type Params } from './form.ts';
import { Idempotency } from './idempotency.ts';
import { decideProcessing, finishAction, type Outcome } from './intents.ts';
import type { Journal } from './journal.ts';
import { listIntents, listRefunds } from './lists.ts';
import { type Renderer, renderAnswer, renderCharge, renderIntent } from './render.ts';
import type { Webhooks } from './webhooks.ts';

export interface ApiParts {
  readonly book: Book;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly webhooks: Webhooks;
  readonly renderer: Renderer;
  readonly clock: Clock;
}

export interface Reply {
  readonly status: number;
  readonly body: object;
  readonly isReplay?: boolean;
  /** What becomes of it on its way. */
  readonly fate: 'answer' | 'hold' | 'cut';
}

const FORGET_EVERY = 10_000;

export class Api {
  readonly #parts: ApiParts;
  readonly #keys: Idempotency;
  readonly #deciding = new Set<NodeJS.Timeout>();
  #writes = 0;

  constructor(parts: ApiParts) {
    this.#parts = parts;
    this.#keys = new Idempotency(parts.book);
    this.#keys.forgetOld(parts.clock.now());
    for (const intent of parts.book.allIntents()) this.#decideLater(intent);
  }

  stop(): void {
    for (const timer of this.#deciding) clearTimeout(timer);
  }

  /** `key` is the idempotency key of the caller, who may have none. */
  async write(write: Write, path: string, params: Params, key: string | undefined): Promise<Reply> {
    if (key === undefined) return this.#perform(write, params, undefined);
    const print = fingerprint(path, params);
    const begun = this.#keys.begin(key, print);
    if (begun.is === 'refused') return this.#reply(begun.answer);
    if (begun.is === 'replayed') return { ...(await this.#reply(begun.answer)), isReplay: true };
    try {
      return await this.#perform(write, params, { key, print });
    } finally {
      this.#keys.end(key);
    }
  }

  async read(read: Read, params: Params): Promise<Reply> {
    const { faults, book, renderer, clock } = this.#parts;
    const { delayMs } = faults.plan({ what: 'read', id: '' });
    if (delayMs > 0) await delay(delayMs);
    switch (read.what) {
      case 'intents':
        return this.#listed(listIntents(book, params, renderer));
      case 'refunds':
        return this.#listed(listRefunds(book, params));
      case 'refund':
        return this.#reply(
          book.refund(read.id) === undefined ? noSuch('refund', read.id) : { kind: 'refund', id: read.id },
        );
      case 'intent': {
        const intent = book.intent(read.id);
        if (intent === undefined) return this.#reply(noSuch('payment_intent', read.id));
        this.#commit(decideProcessing(intent, clock.now()), undefined);
        const now = book.intent(read.id) ?? intent;
        return this.#reply({ kind: 'intent', id: now.id, at: now.phase });
      }
    }
  }

  refuse(answer: Answer): Promise<Reply> {
    return this.#reply(answer);
  }

  /** The shopper has answered on the bank's page. Whoever comes second finds it decided. */
  async finish(id: string, confirmed: boolean): Promise<Intent | undefined> {
    const { book, journal } = this.#parts;
    const intent = book.intent(id);
    if (intent === undefined) return undefined;
    this.#commit(finishAction(intent, confirmed), undefined);
    await journal.settled();
    return book.intent(id);
  }

  async #perform(
    write: Write,
    params: Params,
    kept: { readonly key: string; readonly print: string } | undefined,
  ): Promise<Reply> {
    const { book, faults, clock } = this.#parts;
    const plan = faults.plan(callOf(write, book, params, kept?.key ?? ''));
    if (plan.delayMs > 0) await delay(plan.delayMs);
    if (plan.isBroken) return this.#reply(BROKEN);
    const at = { nowMs: clock.now(), ...(plan.decline === undefined ? {} : { decline: plan.decline }) };
    const outcome = broken(perform(write, book, params, at), plan);
    this.#commit(outcome, kept);
    const reply = await this.#reply(outcome.answer);
    return plan.after === 'hold' || plan.after === 'cut' ? { ...reply, fate: plan.after } : reply;
  }

  #commit(outcome: Outcome | undefined, kept: { readonly key: string; readonly print: string } | undefined): void {
    if (outcome?.change === undefined) return;
    const { book, journal, clock } = this.#parts;
    const answer = outcome.answer;
    const change: Change =
      kept === undefined
        ? outcome.change
        : { ...outcome.change, kept: { key: kept.key, fingerprint: kept.print, atMs: clock.now(), answer } };
    book.apply(change);
    journal.append(change);
    this.#writes += 1;
    if (this.#writes % FORGET_EVERY === 0) this.#keys.forgetOld(clock.now());
    if (change.intent === undefined) return;
    this.#decideLater(change.intent);
    this.#tell(outcome, change.intent);
  }

  #tell({ events = [] }: Outcome, intent: Intent): void {
    const { journal, webhooks, renderer, clock } = this.#parts;
    if (events.length === 0) return;
    const atMs = clock.now();
    // Nobody is told of what a crash could take back. That the disk failed is told by the answer to the call.
    journal.settled().then(
      () => {
        for (const type of events) {
          const object = () => (type === 'charge.refunded' ? renderCharge(intent) : renderIntent(intent, renderer));
          const id = `${paymentOf(intent)} ${type === 'charge.refunded' ? intent.refunded : ''}`;
          webhooks.tell({ type, id, atMs, object });
        }
      },
      () => {},
    );
  }

  #decideLater({ id, phase }: Intent): void {
    if (phase.status !== 'processing') return;
    const timer = setTimeout(() => {
      this.#deciding.delete(timer);
      const intent = this.#parts.book.intent(id);
      if (intent !== undefined) this.#commit(decideProcessing(intent, this.#parts.clock.now()), undefined);
      this.#parts.journal.settled().catch(() => {});
    }, PROCESSING_MS + 1);
    this.#deciding.add(timer);
  }

  async #listed(list: object | Answer): Promise<Reply> {
    if ('kind' in list) return this.#reply(list);
    await this.#parts.journal.settled();
    return { status: 200, body: list, fate: 'answer' };
  }

  /** Nothing is answered before everything that it may tell of is on the disk. */
  async #reply(answer: Answer): Promise<Reply> {
    const { journal, book, renderer } = this.#parts;
    await journal.settled();
    return { ...renderAnswer(answer, book, renderer), fate: 'answer' };
  }
}

/** Done, and answered with a 500 all the same; as with Stripe, that is what the key answers from then on. */
function broken(outcome: Outcome, plan: Plan): Outcome {
  if (plan.after !== 'error') return outcome;
  return { ...outcome, answer: BROKEN };
}
