/** What routes do with carts: a change is decided on what was looked up for it, written down, and answered with the whole cart. */

import { withRate } from '../../commerce/cart/exchange.ts';
import { mergeAtLogin } from '../../commerce/cart/merge.ts';
import type { CartItem } from '../../db/queries/find-cart-items.ts';
import { findKey, type KeyRow } from '../../db/queries/idempotency-keys.ts';
import { together } from '../../platform/connections/postgres-together.ts';
import { type KeptReply, keptAnswerOf } from '../idempotency/answers.ts';
import type { AskedKey } from '../idempotency/asked-key.ts';
import { Refusal } from '../plugins/problems.ts';
import type { StoreServices } from '../services.ts';
import type { CartChange, Decision } from './cart-changes.ts';
import { type CartContext, contextOf, findItemsOf } from './cart-context.ts';
import { type CartStore, createCartStore, type Owner } from './cart-store.ts';
import { type CartView, viewOf } from './cart-view.ts';
import type { KeptCart } from './stored-cart.ts';

/** A call that changes the cart of an account, and has a key. */
export interface KeyedCall {
  readonly asked: AskedKey;
  /** What was answered to it before. Fails for other content, and for what is under way. */
  readBefore(row: KeyRow | undefined): KeptReply | undefined;
}

export type Changed =
  | { readonly isNew: true; readonly view: CartView }
  | { readonly isNew: false; readonly kept: KeptReply };

interface Decided extends Decision {
  /** Of what the cart is now. */
  readonly context: CartContext;
}
interface Repeated {
  readonly cart: undefined;
  readonly answered: KeptReply;
}

export class Carts {
  readonly store: CartStore;
  readonly #services: StoreServices;

  constructor(services: StoreServices) {
    this.#services = services;
    this.store = createCartStore(services);
  }

  async view(owner: Owner): Promise<CartView> {
    const kept = await this.store.load(owner);
    return viewOf(kept, owner, await contextOf(this.#services, kept.cart));
  }

  async change(owner: Owner, change: CartChange): Promise<CartView> {
    const { database } = this.#services;
    const done = await this.store.change(owner, async (before) =>
      this.#decide(before, change, await findItemsOf(database, before.cart, change.skus)),
    );
    if (done === undefined) throw new Refusal('CART_CHANGED');
    return seen(owner, done.kept, done.decision);
  }

  /** The change and what is answered to its key are one commit. */
  async changeOnce(owner: Owner, change: CartChange, { asked, readBefore }: KeyedCall): Promise<Changed> {
    const { database, clock } = this.#services;
    const done = await this.store.change(
      owner,
      async (before): Promise<Decided | Repeated> => {
        const [row, items] = await together(database, (asking) =>
          Promise.all([findKey(asking, asked, clock.now()), findItemsOf(asking, before.cart, change.skus)]),
        );
        const answered = readBefore(row);
        return answered === undefined ? this.#decide(before, change, items) : { cart: undefined, answered };
      },
      (kept, decision) => {
        if ('answered' in decision) return undefined;
        const body = seen(owner, kept, decision);
        return keptAnswerOf(asked, { status: 200, headers: {}, body }, clock.now());
      },
    );
    if (done === undefined) throw new Refusal('CART_CHANGED');
    const { kept, decision } = done;
    return 'answered' in decision
      ? { isNew: false, kept: decision.answered }
      : { isNew: true, view: seen(owner, kept, decision) };
  }

  /** What a guest had goes into the cart of their account. Called again, it finds the guest's cart empty. */
  async merge(account: Owner, guest: Owner): Promise<{ view: CartView; dropped: readonly string[] }> {
    const had = await this.store.load(guest);
    if (had.cart.lines.length === 0 && had.cart.coupons.length === 0) {
      return { view: await this.view(account), dropped: [] };
    }
    let dropped: readonly string[] = [];
    const view = await this.change(account, {
      skus: had.cart.lines.map(({ sku }) => sku),
      decide(cart) {
        const merged = mergeAtLogin(cart, had.cart);
        dropped = merged.dropped;
        return { cart: merged.cart };
      },
    });
    await this.store.drop(guest, had);
    return { view, dropped };
  }

  async #decide(
    { cart, version }: KeptCart,
    change: CartChange,
    items: ReadonlyMap<string, CartItem>,
  ): Promise<Decided> {
    const { ifVersion } = change;
    if (ifVersion !== undefined && ifVersion !== version) throw new Refusal('CART_CHANGED');
    const decision = await change.decide(cart, {
      items,
      contextOf: (changed) => contextOf(this.#services, changed, items),
    });
    const context = await contextOf(this.#services, decision.cart ?? cart, items);
    if (decision.cart === undefined || decision.cart === cart) return { ...decision, context };
    // The rates that its prices were shown by hold from now on, as the prices do.
    const { currency: to, rates } = context;
    const locked = [...rates]
      .filter(([from]) => from !== to)
      .reduce((next, [from, today]) => withRate(next, { from, to }, today, this.#services.clock.now()), decision.cart);
    return { ...decision, cart: locked, context };
  }
}

function seen(owner: Owner, kept: KeptCart, { context, outdated }: Decided): CartView {
  const view = viewOf(kept, owner, context);
  return outdated === true ? { ...view, outdated: true } : view;
}
