/**
 * The catalogue of everything that Dropgate refuses or fails with: one code, everywhere the same.
 * HTTP answers carry `status`; a socket gets a `refused` message, and where `close` is given it is closed with it.
 */
import { CLOSE } from './close-codes.ts';

export interface CatalogueEntry {
  readonly status: number;
  readonly close?: number;
  /** Whether the same request may succeed later without being changed. */
  readonly retryable: boolean;
  readonly text: string;
}

export const ERRORS = {
  NOT_ADMITTED: { status: 403, retryable: true, text: 'It is not your turn yet. Wait in the line.' },
  PASS_EXPIRED: { status: 403, retryable: false, text: 'Your turn has passed. Join the line again.' },
  PASS_VOID: { status: 403, retryable: false, text: 'This pass has been used up or given back. Join the line again.' },
  PLACE_LOST: { status: 409, retryable: true, text: 'Your place has been given up. Join the line again.' },
  LIMIT_REACHED: { status: 409, retryable: false, text: 'You have reached the limit for one shopper.' },
  SOLD_OUT: {
    status: 409,
    retryable: true,
    text: 'Sold out here. Units come back when a payment is not made in time.',
  },
  NOT_STARTED: { status: 409, retryable: true, text: 'The drop has not started.' },
  ENDED: { status: 410, retryable: false, text: 'The drop has ended.' },
  PAUSED: { status: 503, retryable: true, text: 'The drop is paused. Your place is kept.' },
  CHALLENGE_REQUIRED: { status: 403, retryable: true, text: 'Solve the challenge first.' },
  RATE_LIMITED: { status: 429, close: CLOSE.RATE_LIMITED, retryable: true, text: 'Too many requests. Slow down.' },
  BAD_MESSAGE: { status: 400, close: CLOSE.BAD_MESSAGE, retryable: false, text: 'The message is not understood.' },
  TOO_LARGE: { status: 413, close: CLOSE.TOO_LARGE, retryable: false, text: 'The message is too large.' },
  UNAUTHENTICATED: {
    status: 401,
    close: CLOSE.UNAUTHENTICATED,
    retryable: false,
    text: 'The access token is missing, expired or not ours. Sign in again.',
  },
  WRONG_CREDENTIALS: { status: 401, retryable: false, text: 'The mail address or the password is wrong.' },
  ACCOUNT_BLOCKED: { status: 403, retryable: false, text: 'This account is blocked. Ask the support.' },
  EMAIL_TAKEN: { status: 409, retryable: false, text: 'There is an account with this mail address. Sign in instead.' },
  PASSWORD_WEAK: { status: 422, retryable: false, text: 'This password is too easy to guess.' },
  CARD_NUMBER: {
    status: 422,
    retryable: false,
    text: 'This looks like a card number. Send the token that the payment provider made of it.',
  },
  SIGN_IN_FAILED: { status: 400, retryable: false, text: 'The sign-in elsewhere came to nothing. Begin it again.' },
  SIGN_IN_DENIED: { status: 403, retryable: false, text: 'The sign-in elsewhere was called off there.' },
  SIGN_IN_FIRST: {
    status: 409,
    retryable: false,
    text: 'An account has this mail address already. Sign in to it, then connect the provider to it.',
  },
  IDENTITY_TAKEN: { status: 409, retryable: false, text: 'This person of the provider has another account here.' },
  LAST_WAY_IN: { status: 409, retryable: false, text: 'Nobody could sign in to this account any more without it.' },
  TOO_MANY: { status: 409, retryable: false, text: 'There are as many of these as one account may have.' },
  NAME_TAKEN: { status: 409, retryable: false, text: 'Something else has this name already. Choose another.' },
  IN_USE: { status: 409, retryable: false, text: 'Something else still needs this.' },
  VERSION_REQUIRED: {
    status: 428,
    retryable: false,
    text: 'Say in If-Match which version this changes: the ETag of what you read.',
  },
  VERSION_STALE: { status: 412, retryable: false, text: 'This was changed meanwhile. Read it again.' },
  ERASURE_BLOCKED: { status: 409, retryable: true, text: 'Something has to be finished first. Each reason is named.' },
  KEY_SCOPE: { status: 403, retryable: false, text: 'This API key may not do this. Make one that has the scope.' },
  FORBIDDEN: { status: 403, retryable: false, text: 'You may not do this.' },
  KEY_REUSED: { status: 422, retryable: false, text: 'This idempotency key was used with other content.' },
  KEY_IN_USE: { status: 409, retryable: true, text: 'The first call with this key is still under way. Ask again.' },
  KEY_REQUIRED: { status: 400, retryable: false, text: 'This call needs an Idempotency-Key header.' },
  PAYOUT_TOO_EARLY: {
    status: 409,
    retryable: true,
    text: 'This period is not settled to its end yet. Close one that ended a quarter of an hour ago or earlier.',
  },
  BUSY: { status: 503, retryable: true, text: 'More work is waiting than can be done soon. Try again shortly.' },
  UNKNOWN_SKU: { status: 404, retryable: false, text: 'This drop has no such item.' },
  DROP_IMPOSSIBLE: { status: 422, retryable: false, text: 'The drop cannot be like this. Each problem is named.' },
  DROP_FIXED: { status: 409, retryable: false, text: 'This cannot be changed any more. Each reason is named.' },
  DROP_STATE: { status: 409, retryable: false, text: 'This does not apply to the drop in the state that it is in.' },
  DROP_NOT_FOUND: { status: 404, close: CLOSE.DROP_NOT_FOUND, retryable: false, text: 'There is no such drop.' },
  UNKNOWN_REGION: { status: 404, close: CLOSE.UNKNOWN_REGION, retryable: false, text: 'There is no such region.' },
  LINE_FULL: { status: 503, retryable: true, text: 'The line is full. Try again in a while.' },
  ITEM_NOT_FOUND: { status: 404, retryable: false, text: 'There is no such item for sale.' },
  CART_CHANGED: { status: 409, retryable: true, text: 'The cart was changed meanwhile. Look at it again.' },
  CART_FULL: { status: 409, retryable: false, text: 'No more fits: the cart has reached one of its limits.' },
  CODE_TAKEN: { status: 409, retryable: false, text: 'Another promotion has this code.' },
  PROMOTION_CHANGED: {
    status: 409,
    retryable: false,
    text: 'The promotion was changed meanwhile. Look at it again.',
  },
  COUPON_UNKNOWN: { status: 404, retryable: false, text: 'There is no such code.' },
  COUPON_USED: { status: 409, retryable: false, text: 'This code has been used up.' },
  COUPON_NOT_APPLICABLE: { status: 409, retryable: false, text: 'This code does not apply to this cart.' },
  STEP_REFUSED: {
    status: 409,
    retryable: false,
    text: 'This cannot be done in the state that it is in. The detail says what can.',
  },
  ADDRESS_MISSING: { status: 409, retryable: false, text: 'This order has no address yet that it could be sent to.' },
  ADDRESS_FIXED: {
    status: 409,
    retryable: false,
    text: 'Shipping and tax were priced for another place: only the address within it can be changed.',
  },
  STOCK_MISSING: {
    status: 409,
    retryable: false,
    text: 'The warehouses do not have what this order needs. The detail says what is missing.',
  },
  RETURN_TOO_LATE: { status: 409, retryable: false, text: 'The time in which this could be returned is over.' },
  RETURN_OPEN: { status: 409, retryable: false, text: 'Another return of this order is not finished yet.' },
  RETURN_TOO_MUCH: {
    status: 409,
    retryable: false,
    text: 'More than what was delivered and is not returned yet. The detail says how much can be.',
  },
  INVOICE_NOT_YET: { status: 409, retryable: false, text: 'There is an invoice as soon as the order is confirmed.' },
  CART_EMPTY: { status: 409, retryable: false, text: 'There is nothing in the cart to buy.' },
  PRICES_CHANGED: {
    status: 409,
    retryable: false,
    text: 'Prices have changed. Look at the cart and accept them first.',
  },
  ITEM_UNAVAILABLE: {
    status: 409,
    retryable: false,
    text: 'Something in the cart cannot be bought any more. Take it out first.',
  },
  OUT_OF_STOCK: { status: 409, retryable: true, text: 'There is less in stock than is asked for.' },
  ADDRESS_REQUIRED: { status: 422, retryable: false, text: 'Say where it goes: an address, or the id of a saved one.' },
  EMAIL_REQUIRED: { status: 422, retryable: false, text: 'A guest says a mail address, to be told of the order.' },
  SHIPPING_UNAVAILABLE: { status: 422, retryable: false, text: 'It cannot be sent there in this way.' },
  AMOUNT_TOO_LARGE: { status: 422, retryable: false, text: 'The amount is larger than an order can have.' },
  CHECKOUT_EXPIRED: {
    status: 410,
    retryable: false,
    text: 'The time of this checkout is over and its units were given back. Check out again.',
  },
  CHECKOUT_ENDED: { status: 409, retryable: false, text: 'This checkout has become an order or was given up.' },
  METHOD_REFUSED: { status: 422, retryable: false, text: 'It cannot be paid in this way.' },
  ORDER_REFUSED: { status: 403, retryable: false, text: 'This order cannot be accepted. Ask the support.' },
  NOT_CANCELLABLE: { status: 409, retryable: false, text: 'This order cannot be cancelled any more.' },
  APPLIED_ALREADY: {
    status: 409,
    retryable: false,
    text: 'There is an application of this account already. GET /seller/profile says how it stands.',
  },
  STOCK_SHORT: {
    status: 409,
    retryable: false,
    text: 'Fewer units than this are free there: the others are promised to orders or drops.',
  },
  SHELF_FULL: { status: 409, retryable: false, text: 'So many units of one article are not kept in one warehouse.' },
  ORDER_NOT_PAYABLE: {
    status: 409,
    retryable: false,
    text: 'This order does not wait for a payment: it is paid, over, or its time to be paid is.',
  },
  PAYMENT_UNDER_WAY: {
    status: 409,
    retryable: true,
    text: 'A payment of this order is under way. Ask for its status before another one is tried.',
  },
  ATTEMPTS_USED_UP: { status: 409, retryable: false, text: 'This order was tried to be paid too often. Order again.' },
  NOT_REFUNDABLE: {
    status: 409,
    retryable: false,
    text: 'Nothing was taken by this payment that could be given back.',
  },
  REFUND_TOO_LARGE: {
    status: 409,
    retryable: false,
    text: 'More than what was taken and is neither given back nor on its way. The detail says how much is left.',
  },
  REVIEWED_ALREADY: {
    status: 409,
    retryable: false,
    text: 'There is a review of this product by this account already. The detail names it: change that one.',
  },
  OWN_REVIEW: {
    status: 409,
    retryable: false,
    text: 'Nobody votes on a review of their own, flags it or decides about it.',
  },
  OWN_PRODUCT: { status: 409, retryable: false, text: 'Nobody reviews what they sell themselves.' },
  IMAGE_REFUSED: {
    status: 422,
    retryable: false,
    text: 'This picture cannot be taken. Send a JPEG, PNG or WebP; the detail says what is wrong with it.',
  },
  URL_REFUSED: {
    status: 422,
    retryable: false,
    text: 'This address is not called from here. The detail says why.',
  },
  EXPERIMENT_RUNNING: {
    status: 409,
    retryable: false,
    text: 'Another experiment runs, and two at once would measure each other. Stop it first.',
  },
  SUGGESTION_STALE: {
    status: 409,
    retryable: false,
    text: 'This price was suggested for what is not so any more. Look at the suggestions of now.',
  },
  PRICE_OUT_OF_BOUNDS: { status: 409, retryable: false, text: 'This price is not within its floor and its ceiling.' },
  METHOD_NOT_ALLOWED: { status: 405, retryable: false, text: 'This address does not answer to this method.' },
  NOT_FOUND: { status: 404, retryable: false, text: 'There is nothing here.' },
  INVALID: { status: 400, retryable: false, text: 'The request does not have the form that is expected.' },
  UNAVAILABLE: { status: 503, retryable: true, text: 'A part that is needed is not reachable. Try again shortly.' },
  INTERNAL: { status: 500, retryable: true, text: 'Something went wrong on our side.' },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof ERRORS;

export const ERROR_CODES = Object.keys(ERRORS).filter(isErrorCode);

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERRORS, text);
}

export function describeError(code: ErrorCode): CatalogueEntry {
  return ERRORS[code];
}

/** For what nobody planned: a failure with a code from the catalogue. Expected outcomes are values instead. */
export class DropgateError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; retryable?: boolean } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'DropgateError';
    this.code = code;
    this.retryable = options.retryable ?? ERRORS[code].retryable;
  }
}
