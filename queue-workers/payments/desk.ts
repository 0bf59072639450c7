/** What all steps of a payment work with. */

import type { NextStep } from '../../commerce/orders/next-step.ts';
import type { PaymentProvider } from '../../commerce/payments/provider.ts';
import type { IdSource } from '../../contracts/ids.ts';
import type { PaymentStatus } from '../../contracts/orders/payments.ts';
import type { DuePayment } from '../../db/queries/take-due-payments.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import type { Holds } from '../../reservation-core/holds.ts';
import type { EventMaker } from './events.ts';

export interface Providers {
  /** Whom to ask about a payment that nobody was asked about yet; undefined while none of them can be asked. */
  choose(): PaymentProvider | undefined;
  byName(name: string): PaymentProvider | undefined;
}

export interface PaymentsMetrics {
  /** A payment found its end, or a try did not: captured, declined, action, unknown … */
  result(kind: string, provider: string, result: string): void;
  step(step: NextStep, count: number): void;
  failed(what: string): void;
}

export interface Desk {
  readonly database: Database;
  readonly holds: Holds;
  readonly providers: Providers;
  readonly events: EventMaker;
  readonly nextId: IdSource;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: PaymentsMetrics;
}

/** A payment in hand, and until when it is this worker's. */
export interface InHand extends DuePayment {
  /** Nobody was asked about it before this time: its provider was chosen now. */
  readonly isFirstAsk: boolean;
  readonly takenAs: PaymentStatus;
  readonly leaseEndsAtMs: number;
}
