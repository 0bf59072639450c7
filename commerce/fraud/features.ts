/** What the model looks at, as numbers. The order is that of its weights; a model names them, so that both can be compared. */

import type { FraudFacts } from '../../contracts/fraud.ts';
import { minorOfMajor } from '../money/currencies.ts';

interface Feature {
  readonly name: string;
  /** Null where the facts do not say. */
  readonly read: (facts: FraudFacts) => number | null;
}

const DAY_MS = 24 * 3_600_000;
const TURN = (2 * Math.PI) / 24;
const bit = (is: boolean | null) => (is === null ? null : Number(is));
/** From one to two is much, from a hundred to a hundred and one is not. */
const grown = (count: number | null) => (count === null ? null : Math.log1p(count));

export const FEATURES: readonly Feature[] = [
  { name: 'account-age', read: ({ accountAgeMs }) => Math.log1p(accountAgeMs / DAY_MS) },
  { name: 'total', read: ({ totalMinor, currency }) => Math.log1p(totalMinor / minorOfMajor(1, currency)) },
  { name: 'addresses-differ', read: ({ addressesDiffer }) => bit(addressesDiffer) },
  { name: 'orders-within-hour', read: ({ ordersWithinHour }) => grown(ordersWithinHour) },
  { name: 'guest', read: ({ isGuest }) => bit(isGuest) },
  { name: 'disposable-mail', read: ({ disposableMail }) => bit(disposableMail) },
  { name: 'first-order', read: ({ earlierOrders }) => (earlierOrders === null ? null : bit(earlierOrders === 0)) },
  { name: 'failed-payments', read: ({ failedPayments }) => grown(failedPayments) },
  { name: 'accounts-on-device', read: ({ accountsOnDevice }) => grown(accountsOnDevice) },
  { name: 'suspicious-device', read: ({ flags }) => bit(flags.includes('suspicious-device')) },
  { name: 'units', read: ({ units }) => grown(units) },
  // The clock is round: eleven at night is next to one in the morning.
  { name: 'hour-cos', read: ({ hour }) => Math.cos(TURN * hour) },
  { name: 'hour-sin', read: ({ hour }) => Math.sin(TURN * hour) },
];

export const FEATURE_NAMES: readonly string[] = FEATURES.map(({ name }) => name);
