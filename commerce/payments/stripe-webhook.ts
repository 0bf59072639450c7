import Stripe from 'stripe';
import type { Webhook } from './provider.ts';

/** Only what is signed with our secret, over these very bytes and not long ago, is from the provider. */
export function readStripeWebhook(stripe: Stripe, secret: string, body: Buffer, signature: string): Webhook {
  let event: Stripe.Event;
  try {
    event = stripe.webhooks.constructEvent(body, signature, secret);
  } catch (error) {
    const isForged = error instanceof Stripe.errors.StripeSignatureVerificationError;
    return { ok: false, reason: isForged ? 'the signature is wrong or too old' : 'it cannot be read' };
  }
  if (typeof event?.id !== 'string' || typeof event.type !== 'string') return { ok: false, reason: 'it is no event' };
  const { id: eventId, type } = event;
  return { ok: true, eventId, type, ref: intentOf(event), isPaid: type === 'payment_intent.succeeded' };
}

/** The charge that an event is about, also where it speaks of its card's side or of a refund. */
function intentOf(event: Stripe.Event): string | undefined {
  const object: unknown = event.data?.object;
  if (typeof object !== 'object' || object === null) return undefined;
  if ('object' in object && object.object === 'payment_intent' && 'id' in object) return textOf(object.id);
  return 'payment_intent' in object ? textOf(object.payment_intent) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
