import Stripe from 'stripe';
import { LIMITS } from '../../contracts/limits.ts';
import type {
  BookedCharge,
  Charge,
  ChargeState,
  PaymentProvider,
  RefundOrder,
  RefundState,
  Webhook,
} from './provider.ts';
import type { FailureKind } from './provider-failure.ts';
import { createStripeClient, type StripeClient } from './stripe-client.ts';
import {
  failureOf,
  isDecline,
  isKeptMistake,
  isOtherCall,
  isRefusal,
  isReplay,
  isTooLate,
  reasonOf,
  refusedFor,
} from './stripe-failures.ts';
import { asksWithoutPage, bookedOf, isUntried, NO_PAGE, stateOf, stateOfRefund } from './stripe-states.ts';
import { readStripeWebhook } from './stripe-webhook.ts';

export type CallKind = 'open' | 'confirm' | 'find' | 'cancel' | 'refund' | 'list';
export type CallOutcome = 'ok' | 'declined' | 'refused' | FailureKind;

export interface StripeProviderOptions {
  readonly name: string;
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly webhookSecret: string;
  /** Where a shopper comes back to from their bank. */
  readonly returnUrl: string;
  readonly connections: number;
  readonly timeoutMs?: number;
  /** Each call to the provider with how it ended, for a metric. */
  onCall?(kind: CallKind, outcome: CallOutcome, seconds: number): void;
}

/** The calls of one step. Once one of them was answered, the step cannot have been in vain. */
interface Step {
  wasSent: boolean;
}

/** In place of a reference, for a charge that the provider refused to open: there is nothing to be found under it. */
const UNOPENED = 'unopened:';

export class StripeProvider implements PaymentProvider {
  readonly name: string;
  readonly #options: StripeProviderOptions;
  readonly #client: StripeClient;

  constructor(options: StripeProviderOptions) {
    this.name = options.name;
    this.#options = options;
    this.#client = createStripeClient({ ...options, timeoutMs: options.timeoutMs ?? LIMITS.paymentCallMs });
  }

  close(): void {
    this.#client.close();
  }

  async charge(charge: Charge): Promise<ChargeState> {
    const step: Step = { wasSent: charge.ref !== undefined };
    const opened = await this.#findOrOpen(step, charge);
    if ('state' in opened) return opened;
    if (!isUntried(opened)) return this.#settle(step, opened);
    return this.#confirm(step, charge, opened);
  }

  async find(ref: string): Promise<ChargeState> {
    if (ref.startsWith(UNOPENED)) return neverOpened(ref);
    return stateOf(await this.#retrieve({ wasSent: true }, ref));
  }

  async cancel(charge: Charge): Promise<ChargeState> {
    const step: Step = { wasSent: charge.ref !== undefined };
    const opened = await this.#findOrOpen(step, charge);
    if ('state' in opened) return { state: 'cancelled', ref: opened.ref };
    if (opened.status === 'canceled' || opened.status === 'succeeded') return stateOf(opened);
    return this.#cancelIntent(step, opened.id);
  }

  async refund(refund: RefundOrder): Promise<RefundState> {
    const step: Step = { wasSent: true };
    for (let nth = 1; nth <= LIMITS.paymentKeys; nth += 1) {
      // Looked for each time: a provider forgets its keys after a day, but not what it has refunded.
      const found = await this.#findRefund(step, refund);
      if (found !== undefined) return stateOfRefund(found);
      const made = await this.#makeRefund(step, refund, keyOf(refund.refundId, nth));
      if (made !== 'kept mistake') return made;
    }
    throw this.#outOfKeys(step);
  }

  async *booked(sinceMs: number): AsyncGenerator<BookedCharge> {
    let after: { starting_after?: string } = {};
    for (let pages = 0; pages < LIMITS.paymentBooksPages; pages += 1) {
      const page = await this.#call({ wasSent: true }, 'list', (stripe) =>
        stripe.paymentIntents.list({
          limit: LIMITS.paymentBooksPage,
          created: { gte: Math.floor(sinceMs / 1_000) },
          expand: ['data.latest_charge'],
          ...after,
        }),
      );
      for (const intent of page.data) yield bookedOf(intent);
      const last = page.data.at(-1);
      if (!page.has_more || last === undefined) return;
      after = { starting_after: last.id };
    }
  }

  readWebhook(body: Buffer, signature: string): Webhook {
    return readStripeWebhook(this.#client.stripe, this.#options.webhookSecret, body, signature);
  }

  /** The intent as it is now, or how its opening was refused. */
  async #findOrOpen(step: Step, charge: Charge): Promise<Stripe.PaymentIntent | ChargeState> {
    if (charge.ref?.startsWith(UNOPENED) === true) return neverOpened(charge.ref);
    if (charge.ref !== undefined) return this.#retrieve(step, charge.ref);
    for (let nth = 1; nth <= LIMITS.paymentKeys; nth += 1) {
      try {
        const intent = await this.#open(step, charge, keyOf(charge.paymentId, nth));
        // A repeated call is answered with how it was then.
        return isReplay(intent) ? await this.#retrieve(step, intent.id) : intent;
      } catch (error) {
        const refused = refusedFor(error, ['amount', 'currency', 'customer']);
        if (refused !== undefined) return neverOpened(`${UNOPENED}${charge.paymentId}`, refused);
        // Everybody who repeats this key meets the same mistake, and goes on to the same next key: one intent.
        if (!isKeptMistake(error)) throw this.#failure(step, error);
      }
    }
    throw this.#outOfKeys(step);
  }

  /** Moves nothing. */
  #open(step: Step, { paymentId, orderId, amountMinor, currency, methodToken }: Charge, idempotencyKey: string) {
    return this.#callOnce(step, 'open', (stripe) =>
      stripe.paymentIntents.create(
        {
          amount: amountMinor,
          currency: currency.toLowerCase(),
          allowed_payment_method_types: ['card'],
          metadata: { payment_id: paymentId, order_id: orderId },
          ...customerOf(methodToken),
        },
        { idempotencyKey },
      ),
    );
  }

  /** Takes the money, at most once for one intent whatever the key: an intent that has been paid cannot be confirmed. */
  async #confirm(step: Step, charge: Charge, intent: Stripe.PaymentIntent): Promise<ChargeState> {
    for (let nth = 1; nth <= LIMITS.paymentKeys; nth += 1) {
      try {
        const confirmed = await this.#callOnce(step, 'confirm', (stripe) =>
          stripe.paymentIntents.confirm(
            intent.id,
            { payment_method: cardOf(charge.methodToken), return_url: this.#options.returnUrl },
            { idempotencyKey: keyOf(`${charge.paymentId}:confirm`, nth) },
          ),
        );
        return this.#settle(step, isReplay(confirmed) ? await this.#retrieve(step, intent.id) : confirmed);
      } catch (error) {
        const refused = refusedFor(error, ['payment_method', 'customer']);
        if (refused !== undefined) return { state: 'declined', ref: intent.id, reason: 'invalid_payment_method' };
        const hasMoved = isDecline(error) || isTooLate(error);
        if (!hasMoved && !isKeptMistake(error) && !isOtherCall(error)) throw this.#failure(step, error);
      }
      const now = await this.#retrieve(step, intent.id);
      if (!isUntried(now)) return this.#settle(step, now);
    }
    throw this.#outOfKeys(step);
  }

  /** A shopper who is asked but has nowhere to answer cannot pay; nor may they later, when the order is gone. */
  async #settle(step: Step, intent: Stripe.PaymentIntent): Promise<ChargeState> {
    if (!asksWithoutPage(intent)) return stateOf(intent);
    const ended = await this.#cancelIntent(step, intent.id);
    return ended.state === 'cancelled' ? { state: 'declined', ref: intent.id, reason: NO_PAGE } : ended;
  }

  async #cancelIntent(step: Step, ref: string): Promise<ChargeState> {
    try {
      return stateOf(await this.#callOnce(step, 'cancel', (stripe) => stripe.paymentIntents.cancel(ref)));
    } catch (error) {
      if (!isTooLate(error)) throw this.#failure(step, error);
      return stateOf(await this.#retrieve(step, ref));
    }
  }

  async #makeRefund(step: Step, refund: RefundOrder, idempotencyKey: string): Promise<RefundState | 'kept mistake'> {
    const { ref, amountMinor, refundId, paymentId } = refund;
    const metadata = { refund_id: refundId, payment_id: paymentId };
    try {
      const made = await this.#callOnce(step, 'refund', (stripe) =>
        stripe.refunds.create({ payment_intent: ref, amount: amountMinor, metadata }, { idempotencyKey }),
      );
      return stateOfRefund(made);
    } catch (error) {
      if (isKeptMistake(error)) return 'kept mistake';
      if (!isRefusal(error)) throw this.#failure(step, error);
      // Another process may have made this very refund in the meantime.
      const found = await this.#findRefund(step, refund);
      return found === undefined ? { state: 'refused', reason: reasonOf(error.code, 'refused') } : stateOfRefund(found);
    }
  }

  async #findRefund(step: Step, { ref, refundId }: RefundOrder): Promise<Stripe.Refund | undefined> {
    let after: { starting_after?: string } = {};
    for (let pages = 0; pages < LIMITS.paymentBooksPages; pages += 1) {
      const page = await this.#call(step, 'list', (stripe) =>
        stripe.refunds.list({ payment_intent: ref, limit: LIMITS.paymentBooksPage, ...after }),
      );
      const found = page.data.find(({ metadata }) => metadata?.refund_id === refundId);
      const last = page.data.at(-1);
      if (found !== undefined || !page.has_more || last === undefined) return found;
      after = { starting_after: last.id };
    }
    return undefined;
  }

  #retrieve(step: Step, ref: string): Promise<Stripe.PaymentIntent> {
    return this.#call(step, 'find', (stripe) => stripe.paymentIntents.retrieve(ref));
  }

  async #call<T>(step: Step, kind: CallKind, call: (stripe: Stripe) => Promise<T>): Promise<T> {
    try {
      return await this.#callOnce(step, kind, call);
    } catch (error) {
      throw this.#failure(step, error);
    }
  }

  /** Throws what the SDK throws, for those who know what to make of it. */
  async #callOnce<T>(step: Step, kind: CallKind, call: (stripe: Stripe) => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    const tell = (outcome: CallOutcome) =>
      this.#options.onCall?.(kind, outcome, (performance.now() - startedAt) / 1_000);
    try {
      const answer = await call(this.#client.stripe);
      step.wasSent = true;
      tell('ok');
      return answer;
    } catch (error) {
      const failure = this.#failure(step, error);
      if (failure.sent) step.wasSent = true;
      tell(isDecline(error) ? 'declined' : isRefusal(error) ? 'refused' : failure.kind);
      throw error;
    }
  }

  #failure(step: Step, error: unknown) {
    return failureOf(this.name, error, step.wasSent);
  }

  #outOfKeys(step: Step) {
    return this.#failure(step, new Stripe.errors.StripeAPIError({ type: 'api_error', message: 'mistakes only' }));
  }
}

function keyOf(key: string, nth: number): string {
  return nth === 1 ? key : `${key}:${nth}`;
}

/** A card that is kept for its shopper belongs to a customer: `cus_…:pm_…`. */
function cardOf(methodToken: string): string {
  return methodToken.slice(methodToken.indexOf(':') + 1);
}

function customerOf(methodToken: string): { readonly customer?: string } {
  const colon = methodToken.indexOf(':');
  return colon === -1 ? {} : { customer: methodToken.slice(0, colon) };
}

function neverOpened(ref: string, reason = 'refused'): ChargeState {
  return { state: 'declined', ref, reason };
}
