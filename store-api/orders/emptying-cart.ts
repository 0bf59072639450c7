/**
 * What was bought leaves the cart: that of an account in the commit of its order, as both are rows of one database. A
 * guest's is in Redis; so is the copy of any. A cart that cannot be reached now changes nothing about an order.
 */
import type { FastifyBaseLogger } from 'fastify';
import type { Cart } from '../../commerce/cart/cart.ts';
import { withoutBought } from '../../commerce/cart/without-bought.ts';
import { timeOfId } from '../../contracts/ids.ts';
import { writeCart } from '../../db/queries/carts.ts';
import type { CheckoutRow } from '../../db/queries/checkouts/find-checkout.ts';
import type { LastOf } from '../../platform/connections/postgres.ts';
import { withDeadline } from '../../platform/deadline.ts';
import type { CartStore, CartWrite, Owner } from '../cart/cart-store.ts';
import type { KeptCart } from '../cart/stored-cart.ts';
import { readBody } from '../checkout/stored-checkout.ts';
import type { StoreServices } from '../services.ts';

type Parts = Pick<StoreServices, 'clock'>;

/** A copy that is taken away later than this is taken away for nothing: the next reader looks into the database. */
const BEGIN_MS = 100;

/** Of one call that places an order. */
export class EmptyingCart {
  readonly #parts: Parts;
  readonly #store: CartStore;
  readonly #owner: Owner;
  #before: KeptCart | undefined;
  #begun: { readonly write: CartWrite; isWritten: boolean } | undefined;

  constructor(parts: Parts, store: CartStore, owner: Owner) {
    this.#parts = parts;
    this.#store = store;
    this.#owner = owner;
  }

  /** Before the transaction: what is not in Redis is read with a connection of its own. */
  async look(): Promise<void> {
    if (this.#owner.kind === 'guest') return;
    this.#before = await this.#store.load(this.#owner).catch(() => undefined);
  }

  /** Before each try of the transaction: what one that was rolled back had begun is not written. */
  begin(): void {
    this.#begun = undefined;
  }

  /** Writes it with the last statements of an order, if it can. */
  async alongWith<T>(done: LastOf<T>, checkout: CheckoutRow): Promise<LastOf<T>> {
    const before = this.#before;
    if (before === undefined || checkout.shopperId !== this.#owner.userId) return done;
    const cart = this.#without(checkout, before.cart);
    if (cart === before.cart) return done;
    // The order's connection and locks are held meanwhile: what takes long is done after the commit.
    const beginning = this.#store.begin(this.#owner, before, cart);
    const write = await withDeadline(beginning, BEGIN_MS, 'taking the copy of a cart away').catch(() => undefined);
    if (write === undefined) return done;
    const begun = { write, isWritten: false };
    this.#begun = begun;
    return {
      result: done.result,
      async last(asking) {
        const [, isWritten] = await Promise.all([done.last?.(asking), writeCart(asking, write.row)]);
        begun.isWritten = isWritten;
      },
    };
  }

  /** After the commit; also of an order that was there before: whoever answered first may have died before this. */
  async finish(checkout: CheckoutRow | undefined, log: FastifyBaseLogger): Promise<void> {
    try {
      if (this.#begun?.isWritten === true) await this.#begun.write.finish();
      else if (checkout !== undefined) await this.#afterwards(checkout);
    } catch (error) {
      log.warn({ err: error }, 'what was bought is still in its cart');
    }
  }

  async #afterwards(checkout: CheckoutRow): Promise<void> {
    const { shopperId: userId, isGuest } = checkout;
    const owner: Owner = { userId, kind: isGuest ? 'guest' : 'user' };
    await this.#store.change(owner, ({ cart }) => ({ cart: this.#without(checkout, cart) }));
  }

  #without({ id, body }: CheckoutRow, cart: Cart): Cart {
    return withoutBought(cart, { ...readBody(body), atMs: timeOfId(id) }, this.#parts.clock.now());
  }
}
