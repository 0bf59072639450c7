/** What populations are made up: their size, and how shoppers behave. */

export interface Shape {
  readonly name: string;
  readonly users: number;
  readonly products: number;
  readonly categories: number;
  /** Of all shoppers, sessions and events are drawn until there are so many. */
  readonly interactionsPerUser: number;
  readonly fewestPerUser: number;
  /** How unlike each other shoppers are in how much they do: 0 all the same. */
  readonly activitySpread: number;
  /** How much the appeal of products falls from the first to the last: 0 all the same. */
  readonly skew: number;
  /** How many candidates of the intended category a shopper looks over before they choose by taste; 1 is no taste. */
  readonly choices: number;
  /** Of a hundred sessions, how many are about anything at all. */
  readonly strolls: number;
  readonly sessionLength: number;
  readonly ordersPerHundred: number;
  readonly days: number;
  /** A shopper meets a product once, as with ratings. */
  readonly once: boolean;
}

/** A shop as ours would be: departments, some sessions a shopper, few of them ending in an order. */
export const SHOP: Shape = {
  name: 'a made-up shop',
  ...{ users: 10_000, products: 5_000, categories: 80 },
  ...{ interactionsPerUser: 14, fewestPerUser: 1, activitySpread: 0.9, sessionLength: 4 },
  ...{ skew: 0.6, choices: 6, strolls: 15, ordersPerHundred: 15, days: 180, once: false },
};

/**
 * 943 people, 1,682 films, 100,000 ratings, 106 each, 737 at most; the film most rated has 583 of them.
 */
export const MOVIELENS_100K: Shape = {
  name: 'the shape of MovieLens 100k',
  ...{ users: 943, products: 1_682, categories: 12 },
  ...{ interactionsPerUser: 124, fewestPerUser: 20, activitySpread: 0.85, sessionLength: 15 },
  ...{ skew: 1.3, choices: 3, strolls: 55, ordersPerHundred: 100, days: 215, once: true },
};

/**
 * 1.4 million visitors, 235,000 products, 2.76 million events in 137 days, seven of ten visitors with one event only, 0.8 %
 * of the events purchases: a tenth of it.
 */
export const RETAILROCKET_TENTH: Shape = {
  name: 'the shape of RetailRocket, a tenth of it',
  ...{ users: 140_000, products: 23_500, categories: 250 },
  ...{ interactionsPerUser: 2, fewestPerUser: 1, activitySpread: 1.6, sessionLength: 2.5 },
  ...{ skew: 0.7, choices: 5, strolls: 20, ordersPerHundred: 0.8, days: 137, once: false },
};

/** For times and memory: as many products as shoppers, ten interactions each. */
export function sized(users: number): Shape {
  return {
    ...SHOP,
    name: `${users.toLocaleString('en')} shoppers and products`,
    ...{ users, products: users, categories: Math.max(20, Math.round(Math.sqrt(users) * 1.5)) },
    // What is drawn beyond the end of a shopper's last session is lost: this comes to ten.
    interactionsPerUser: 11.7,
  };
}
