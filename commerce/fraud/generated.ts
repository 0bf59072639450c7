/**
 * A made-up population of orders, for development and for the tests of training: who buys honestly, and three kinds of
 * fraud that differ in what gives them away. Not logistic on purpose, so that a model has something to miss.
 */
import type { FraudFacts } from '../../contracts/fraud.ts';
import type { Sample } from './train.ts';

export interface Population {
  readonly orders: number;
  readonly seed: number;
  /** When the last order was placed; the first one half a year before. */
  readonly untilMs: number;
}

const DAY_MS = 24 * 3_600_000;
const HALF_YEAR_MS = 182 * DAY_MS;
const FRAUD_SHARE = 0.03;
/** Fraud that nobody found out, and honest orders that a mistake made one. */
const MISLABELLED = 0.002;

type Random = () => number;

export function generateOrders({ orders, seed, untilMs }: Population): Sample[] {
  const random = createRandom(seed);
  return Array.from({ length: orders }, (_, at) => {
    const atMs = untilMs - HALF_YEAR_MS + Math.floor((HALF_YEAR_MS * at) / orders);
    const kind = random() < FRAUD_SHARE ? FRAUDS[Math.floor(random() * FRAUDS.length)] : undefined;
    const facts = kind === undefined ? honest(random) : kind(random);
    return { facts, isFraud: (kind !== undefined) !== random() < MISLABELLED, atMs };
  });
}

/** Most have been here for long; one of six is new, one of five buys as a guest. */
function honest(random: Random): FraudFacts {
  const isNew = random() < 0.17;
  const isGuest = random() < 0.2;
  const age = isGuest ? random() * 0.1 : isNew ? random() * 7 : 7 + random() ** 2 * 900;
  return {
    ...{ accountAgeMs: Math.floor(age * DAY_MS), accountBlocked: false, currency: 'EUR', isGuest },
    totalMinor: Math.floor(Math.exp(bell(random, 8.6, 0.9))),
    addressesDiffer: isGuest ? null : random() < 0.12,
    ordersWithinHour: 1 + few(random, 0.06),
    flags: random() < 0.01 ? ['suspicious-device'] : [],
    disposableMail: random() < 0.01,
    hour: Math.floor(8 + bell(random, 8, 3.5) + 24) % 24,
    units: 1 + few(random, 0.4),
    earlierOrders: isGuest ? null : isNew ? few(random, 0.2) : few(random, 0.75),
    failedPayments: few(random, 0.08),
    accountsOnDevice: isGuest ? null : 1 + few(random, 0.1),
  };
}

/** Tries stolen cards with small amounts, many times, from one machine. */
const cardTester = (random: Random): FraudFacts => ({
  ...honest(random),
  ...{ accountAgeMs: Math.floor(random() * 2 * DAY_MS), totalMinor: 200 + Math.floor(random() * 2_000) },
  ...{ ordersWithinHour: 2 + few(random, 0.7), failedPayments: 1 + few(random, 0.8), earlierOrders: 0 },
  ...{ accountsOnDevice: 2 + few(random, 0.75), disposableMail: random() < 0.5, units: 1 },
  ...{ flags: random() < 0.4 ? ['suspicious-device'] : [], hour: Math.floor(random() * 24), isGuest: false },
});

/** Buys what sells well again with somebody else's card, and has it sent elsewhere. */
const reseller = (random: Random): FraudFacts => ({
  ...honest(random),
  ...{ accountAgeMs: Math.floor(random() * 10 * DAY_MS), totalMinor: Math.floor(Math.exp(bell(random, 11, 0.7))) },
  ...{ addressesDiffer: random() < 0.7, units: 2 + few(random, 0.7), earlierOrders: few(random, 0.2) },
  ...{ failedPayments: few(random, 0.5), disposableMail: random() < 0.25, isGuest: false },
  ...{ accountsOnDevice: 1 + few(random, 0.5), hour: Math.floor(random() * 8) },
});

/** Has got into an old account: only where it is sent, how much it is and when give it away. */
const intruder = (random: Random): FraudFacts => ({
  ...honest(random),
  ...{ accountAgeMs: Math.floor((30 + random() * 900) * DAY_MS), isGuest: false, earlierOrders: few(random, 0.8) },
  ...{ totalMinor: Math.floor(Math.exp(bell(random, 10.6, 0.8))), addressesDiffer: random() < 0.85 },
  ...{ accountsOnDevice: 1 + few(random, 0.6), failedPayments: few(random, 0.45), hour: Math.floor(random() * 7) },
});

const FRAUDS = [cardTester, reseller, intruder] as const;

const MOST = 40;

/** How often in a row it goes on. */
function few(random: Random, goesOn: number): number {
  let count = 0;
  while (count < MOST && random() < goesOn) count += 1;
  return count;
}

function bell(random: Random, mean: number, deviation: number): number {
  const around = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return mean + deviation * around;
}

/** Mulberry32: the same seed, the same population. */
function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
