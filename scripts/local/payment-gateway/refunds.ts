import { noSuch, refuse } from './answer.ts';
import type { Book, Refund } from './book.ts';
import { metadataOf, type Params } from './form.ts';
import { newId } from './ids.ts';
import type { Outcome } from './intents.ts';

/** In full or in part, and never more than was captured and is not refunded yet. */
export function createRefund(book: Book, params: Params, nowMs: number): Outcome {
  const id = params.get('payment_intent') ?? '';
  const intent = book.intent(id);
  if (intent === undefined) return { answer: noSuch('payment_intent', id, 'payment_intent') };
  if (intent.phase.status !== 'succeeded')
    return { answer: refuse('charge_not_captured', 'This PaymentIntent does not have a successful charge to refund.') };
  const left = intent.amount - intent.refunded;
  if (left === 0) return { answer: refuse('charge_already_refunded', `Charge of ${id} has already been refunded.`) };
  const given = params.get('amount') ?? String(left);
  if (!/^\d{1,15}$/.test(given) || Number(given) < 1)
    return { answer: refuse('parameter_invalid_integer', 'Invalid positive integer.', 'amount') };
  const amount = Number(given);
  if (amount > left) {
    const message = `Refund amount (${amount}) is greater than unrefunded amount on charge (${left}).`;
    return { answer: refuse('amount_too_large', message, 'amount') };
  }
  const metadata = metadataOf(params);
  if (metadata === undefined) return { answer: refuse('parameter_invalid', 'Too much metadata.', 'metadata') };
  const refund: Refund = { id: newId('re'), intent: id, amount, metadata, createdMs: nowMs };
  return {
    answer: { kind: 'refund', id: refund.id },
    change: { intent: { ...intent, refunded: intent.refunded + amount }, refund },
    events: ['charge.refunded'],
  };
}
