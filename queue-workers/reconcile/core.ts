/** What every kind of finding works with, and what it says. */
import type { PaymentProvider } from '../../commerce/payments/provider.ts';
import type { IdSource } from '../../contracts/ids.ts';
import type { SweptOrder } from '../../db/queries/swept-orders.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Kafka, Publisher } from '../../platform/connections/kafka.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import type { HoldRecord } from '../../reservation-core/hold-states.ts';
import type { Keys } from '../../reservation-core/keys.ts';
import type { Shards } from '../../reservation-core/shards.ts';

export const KINDS = [
  'captured-unconfirmed',
  'confirmed-not-sold',
  'sold-not-confirmed',
  'hold-without-order',
  'order-without-hold',
  'payment-stuck',
  'provider-only',
  'refund-stuck',
  'order-overdue',
  'held-for-nobody',
] as const;

export type KindName = (typeof KINDS)[number];

export interface Finding {
  readonly kind: KindName;
  /** A claim, which is its order as well, or a payment or a refund. */
  readonly id: string;
  readonly orderId: string;
  readonly what: string;
  /** What a person has to do, where nothing can be mended by itself. */
  readonly advice?: string;
}

export interface Told extends Finding {
  readonly mended: boolean;
}

/** A bounded piece of a walk, and whether it has reached the end. */
export interface Piece {
  readonly told: readonly Told[];
  readonly ended: boolean;
  /** What it did not do, and why. */
  readonly note?: string;
}

export interface ReconcileCore {
  readonly database: Database;
  readonly shards: Shards;
  readonly keys: Keys;
  readonly kafka: Kafka;
  readonly publisher: Publisher;
  readonly topicPrefix: string;
  readonly providers: readonly PaymentProvider[];
  readonly clock: Clock;
  readonly nextId: IdSource;
  readonly graceMs: number;
  /** How far back orders are looked at, and how far the books of providers. */
  readonly windowMs: number;
  readonly booksMs: number;
  /** Only this drop; all unless given. */
  readonly dropId?: string;
  readonly dryRun: boolean;
}

/** An order with its hold. */
export interface Seen {
  readonly order: SweptOrder;
  /** 'not asked' where its region cannot tell (it is away, or has lost its data), and of orders of the store. */
  readonly hold: HoldRecord | undefined | 'not asked';
}

/** One kind of what can be found by looking at an order and its hold. */
export interface OrderKind {
  readonly name: KindName;
  /** Nothing is read or written here. */
  find(seen: Seen, core: Pick<ReconcileCore, 'clock' | 'graceMs'>): readonly Finding[];
  /** Answers with the ids of those that were mended. Each of them is looked at again where it is written. */
  mend(
    core: ReconcileCore,
    findings: readonly Finding[],
    seen: ReadonlyMap<string, Seen>,
  ): Promise<ReadonlySet<string>>;
}

export function isQuiet(order: SweptOrder, { clock, graceMs }: Pick<ReconcileCore, 'clock' | 'graceMs'>): boolean {
  return order.changedMs < clock.now() - graceMs;
}
