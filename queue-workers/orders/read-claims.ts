/** What came from Kafka, as claims; what cannot be one goes to the dead letters with its reason. */
import { decodeEvent } from '../../contracts/events/codec.ts';
import type { EventOf } from '../../contracts/events/registry.ts';
import type { ReceivedMessage } from '../../platform/connections/kafka.ts';
import type { ClaimRow } from './claim-columns.ts';

export interface Claim extends ClaimRow {
  readonly message: ReceivedMessage;
}

export interface Unusable {
  readonly message: ReceivedMessage;
  readonly problem: string;
  readonly reason: string;
}

export interface ReadClaims {
  readonly claims: readonly Claim[];
  readonly unusable: readonly Unusable[];
}

export function readClaims(messages: readonly ReceivedMessage[]): ReadClaims {
  const claims: Claim[] = [];
  const unusable: Unusable[] = [];
  for (const message of messages) {
    const decoded = decodeEvent('claims.won', message.value);
    if (!decoded.ok) unusable.push({ message, problem: decoded.problem, reason: decoded.reason });
    else if (!Number.isSafeInteger(decoded.event.data.unitPrice * decoded.event.data.quantity)) {
      unusable.push({ message, problem: 'AMOUNT_TOO_LARGE', reason: 'no number holds the amount exactly' });
    } else claims.push({ message, ...claimOf(decoded.event) });
  }
  return { claims, unusable };
}

function claimOf(event: EventOf<'claims.won'>): ClaimRow {
  // What version 1 tells of was claimed before a claim could say how it is paid.
  const paymentMethodId = event.v === 1 ? null : event.data.payment;
  const { claimId, key, dropId, region, shopperId, sku, title, quantity, unitPrice, currency } = event.data;
  return {
    ...{ claimId, dropId, region, shopperId, sku, quantity, currency, paymentMethodId },
    claimKey: key,
    productTitle: title,
    unitPriceMinor: unitPrice,
    claimedAtMs: event.data.claimedAt,
    holdUntilMs: event.data.holdUntil,
  };
}
