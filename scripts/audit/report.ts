/** What an audit says: one line for each thing that must be true, and what was still under way when it was asked. */
import type { OrderState } from '../../contracts/orders/states.ts';
import type { RegionLedger } from '../../reservation-core/ledgers.ts';
import { STOCK_IDENTITIES } from '../../reservation-core/stock-identities.ts';

export const IDENTITIES = {
  ...STOCK_IDENTITIES,
  'held-units': 'held in the ledger = units of holds that are held',
  'sold-units': 'sold in the ledger = units of holds that are sold',
  sold: 'sold in Redis = units of paid orders',
  held: 'held in Redis = units of waiting orders',
  released: 'released holds = cancelled orders',
  'hold-has-order': 'holds = holds with an order',
  'order-has-hold': 'orders = orders with a hold',
  'same-content': 'orders = orders that say what their hold says',
  totals: 'orders = orders whose total adds up',
  history: 'orders = orders with a whole history',
  'one-order-a-claim': 'orders = claims of shoppers by their key',
  limit: "shoppers over the drop's limit = none",
  'paid-once': 'orders with a captured payment = captured payments',
  'paid-in-full': 'captured = totals of the captured orders',
  'confirmed-is-paid': 'confirmed orders = confirmed orders that are paid',
  'cancelled-is-refunded': 'captured for cancelled orders = refunded',
  'wallet-transfers': 'transfers of money = those that add up to nothing',
  'wallet-balances': 'accounts = those whose balance is the sum of their entries',
  'wallet-payments': 'payments and refunds without their very transfer = none',
  'captured-once': 'payments captured at a provider = captures there',
  'captured-there': 'captured at a provider = captured here',
  'refunded-there': 'refunded at a provider = refunded here',
  'charge-has-order': 'captures at a provider for no order = none',
  'dead-letters': 'dead letters of this drop = none',
} as const;

export type IdentityName = keyof typeof IDENTITIES;

/** What has to be empty before everything can be true. */
export const PIPELINE = {
  outbox: 'entries of outboxes that are not relayed',
  won: 'claims in Kafka that are no orders yet',
  released: 'ends of holds in Kafka that no order knows yet',
  payments: 'payments that the payments worker has before it',
  refunds: 'refunds that are under way',
  overdue: 'batches of holds past their end',
  transfers: 'transfers between regions that are open',
  regions: 'regions that cannot be read, or have lost their data',
} as const;

export type PipelinePart = keyof typeof PIPELINE;
export type Pipeline = Readonly<Record<PipelinePart, number>>;

export type Verdict = 'ok' | 'under way' | 'broken' | 'not asked';

export interface Line {
  readonly identity: IdentityName;
  readonly left: number;
  readonly right: number;
  readonly verdict: Verdict;
  /** Claims, orders, payments, shoppers or `sku@region`, whatever the identity is about. */
  readonly broken: readonly string[];
  readonly underWay: readonly string[];
}

export interface AuditReport {
  readonly dropId: string;
  readonly title: string;
  readonly at: string;
  readonly verdict: 'ok' | 'not drained' | 'broken';
  readonly totals: {
    /** Units. */
    readonly oversold: number;
    /** Claims that were won and have no order, or orders that have no hold. */
    readonly lost: number;
    /** Orders for a claim that has one. */
    readonly duplicated: number;
    /** Payments. */
    readonly chargedTwice: number;
    /** Payments. */
    readonly chargedForNothing: number;
  };
  readonly lines: readonly Line[];
  readonly pipeline: Pipeline;
  readonly orders: Readonly<Partial<Record<OrderState, { readonly orders: number; readonly units: number }>>>;
  readonly ledgers: readonly RegionLedger[];
  readonly notes: readonly string[];
}
