/** Carts, wishlists, coupons. */

export const CART_LIMITS = {
  /** Items of one cart, saved for later ones too, units of each, and what a cart remembers besides. */
  cartLines: 100,
  cartUnitsPerLine: 99,
  cartTombstones: 100,
  cartCoupons: 5,
  cartRates: 10,
  cartKeys: 16,
  cartBytes: 64 * 1_024,
  deviceChars: 40,
  wishlistItems: 200,
  /** Tries to write a cart that another device changes meanwhile. */
  cartTries: 8,
  /** Changes of one cart that wait for their turn in one process. */
  cartChangesWaiting: 50,
  /** Sockets of one store process that wait for changes of carts, and of one person. */
  cartSockets: 10_000,
  cartSocketsPerPerson: 10,
  /** What may wait for one that reads slowly, and messages of one. */
  cartSocketBytes: 256 * 1_024,
  cartSocketMessages: { capacity: 20, refillPerSecond: 1 },
  /** Codes that somebody may try. */
  couponTries: { capacity: 20, refillPerSecond: 0.1 },
  couponChars: 40,
  /** Promotions that apply by themselves and are looked at for one cart. */
  promotionsPerCart: 100,
  codesPerBatch: 1_000,
  /** Carts that are reminded of, deleted, or whose reserved codes are given back in one statement. */
  cartBatch: 500,
} as const;

export const CART_INTERVALS = {
  /** How often a cart's socket is asked for a sign of life, and how long it may wait with its token. */
  cartHeartbeatMs: 30_000,
  cartHelloMs: 10_000,
  /** How often the carts worker looks. */
  cartsEveryMs: 60_000,
} as const;

export const CART_LIFETIMES = {
  /** A cart that nobody touches: of a guest, and of an account. */
  guestCartMs: 7 * 24 * 3_600_000,
  cartMs: 30 * 24 * 3_600_000,
  /** How long the price and the exchange rate that a shopper was shown hold. */
  cartPriceLockMs: 30 * 60_000,
  /** How long a change made offline may lie back. */
  cartChangeMs: 7 * 24 * 3_600_000,
  /** A cart untouched for so long is reminded of, and again only when it was changed and this long later. */
  cartAbandonedMs: 24 * 3_600_000,
  cartRemindAgainMs: 7 * 24 * 3_600_000,
  /** How long a code is set aside for a checkout. */
  redemptionMs: 15 * 60_000,
  /** No write of a cart takes longer: until then its copy in Redis is not trusted. */
  cartWriteMs: 60_000,
  /** A cart's socket has to show a token again after this long. */
  cartSocketMs: 15 * 60_000,
} as const;
