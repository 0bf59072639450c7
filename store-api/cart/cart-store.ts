/**
 * Where carts are. A guest's is in Redis alone. An account's is in PostgreSQL, written before a change is answered, with a
 * copy in Redis to read from: Redis may lose everything and nobody with an account loses anything. The two writes are not
 * one step, so whoever writes first takes the copy away and says so (lua/cart/keep.lua); no old copy outlives a crash.
 */
import type { Cart } from '../../commerce/cart/cart.ts';
import { cartChannel, cartKeys } from '../../contracts/cart-keys.ts';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { findCart, type WrittenCart, writeCart, writeCartOnce } from '../../db/queries/carts.ts';
import { type KeptAnswer, keepFreeKey } from '../../db/queries/idempotency-keys.ts';
import type { Redis } from '../../platform/connections/redis.ts';
import { notConnected } from '../../platform/connections/redis.ts';
import { cartKeep } from '../../reservation-core/generated/cart-keep.ts';
import { cartSave } from '../../reservation-core/generated/cart-save.ts';
import { cartTake } from '../../reservation-core/generated/cart-take.ts';
import { createScriptRunner } from '../../reservation-core/script-runner.ts';
import type { StoreServices } from '../services.ts';
import { decodeCart, encodeCart, type KeptCart, NO_CART } from './stored-cart.ts';
import { createTurns } from './turns.ts';

export interface Owner {
  readonly kind: 'guest' | 'user';
  readonly userId: string;
}

/** A cart that is about to be written into the database; its copy is away. */
export interface CartWrite {
  readonly row: WrittenCart;
  finish(): Promise<void>;
}

interface Decided {
  /** Undefined where nothing changes. */
  readonly cart: Cart | undefined;
}
type Decide<R> = (kept: KeptCart) => Promise<R> | R;
type AnswerOf<R> = (kept: KeptCart, decision: R) => KeptAnswer | undefined;

export type CartStore = ReturnType<typeof createCartStore>;
type Parts = Pick<StoreServices, 'database' | 'redis' | 'redisPrefix' | 'clock' | 'nextId'>;

export function createCartStore({ database, redis, redisPrefix, clock, nextId }: Parts) {
  const scripts = createScriptRunner(redis);
  const inTurn = createTurns(LIMITS.cartChangesWaiting);
  const keysOf = ({ userId }: Owner) => cartKeys(redisPrefix, userId);

  async function load(owner: Owner): Promise<KeptCart> {
    if (owner.kind === 'guest') return (await readCopy(redis, keysOf(owner).cart)) ?? NO_CART;
    return inTime(await loadOfAccount(owner));
  }

  /** One that is over and not deleted yet is as good as empty. */
  function inTime(kept: KeptCart): KeptCart {
    const isOver = kept.updatedAtMs !== null && kept.updatedAtMs + LIFETIMES.cartMs < clock.now();
    return isOver ? { ...kept, cart: NO_CART.cart } : kept;
  }

  async function loadOfAccount(owner: Owner): Promise<KeptCart> {
    // Without Redis there is still the database.
    const copy =
      redis.status === 'ready' ? await readCopy(redis, keysOf(owner).cart).catch(() => undefined) : undefined;
    return copy ?? (await loadFromDatabase(owner));
  }

  async function loadFromDatabase(owner: Owner): Promise<KeptCart> {
    const row = await findCart(database, owner.userId);
    if (row === undefined) return NO_CART;
    await keep(owner, '', row.version, row.body).catch(() => undefined);
    return decodeCart(row.version, row.body);
  }

  async function keep(owner: Owner, writer: string, version: number, body: string): Promise<void> {
    if (redis.status !== 'ready') return;
    const { cart, writing } = keysOf(owner);
    await cartKeep(scripts, { cart, writing }, { writer, version, body, keptMs: LIFETIMES.cartMs });
  }

  /** Redis first, then the row, which is its caller's to write; `finish` once it is committed. */
  async function begin(owner: Owner, expected: number, next: KeptCart): Promise<CartWrite> {
    if (redis.status !== 'ready') throw notConnected();
    const { cart, version } = next;
    const nowMs = next.updatedAtMs ?? clock.now();
    const [writer, body] = [nextId(), encodeCart(cart, nowMs)];
    const { cart: copy, writing } = keysOf(owner);
    await cartTake(scripts, { cart: copy, writing }, { writer, nameMs: LIFETIMES.cartWriteMs });
    const bought = cart.lines.filter(({ saved }) => !saved);
    const counted = { lineCount: bought.length, firstSku: bought[0]?.sku ?? null };
    return {
      row: { userId: owner.userId, expected, version, body, updatedAtMs: nowMs, ...counted },
      async finish() {
        // Answered is what the database has; without the copy the next reader looks there.
        await Promise.all([keep(owner, writer, version, body).catch(() => undefined), tell(owner, version)]);
      },
    };
  }

  /** False when somebody else has written it since `expected`, or has had the key of its answer. */
  async function save(owner: Owner, expected: number, next: KeptCart, answer?: KeptAnswer): Promise<boolean> {
    if (owner.kind === 'guest') return await saveOfGuest(owner, expected, next);
    const { row, finish } = await begin(owner, expected, next);
    const isWritten = await (answer === undefined ? writeCart(database, row) : writeCartOnce(database, row, answer));
    if (isWritten) await finish();
    return isWritten;
  }

  async function saveOfGuest(owner: Owner, expected: number, { cart, version }: KeptCart): Promise<boolean> {
    if (redis.status !== 'ready') throw notConnected();
    const args = { expected, version, body: encodeCart(cart, clock.now()), keptMs: LIFETIMES.guestCartMs };
    const isWritten = (await cartSave(scripts, { cart: keysOf(owner).cart }, args)).reply === 'SAVED';
    if (isWritten) await tell(owner, version);
    return isWritten;
  }

  /** The copy may be one that is just being replaced: who was not quick enough asks the database. */
  async function loadFresh(owner: Owner): Promise<KeptCart> {
    return owner.kind === 'guest' ? await load(owner) : inTime(await loadFromDatabase(owner));
  }

  /** Undefined when somebody else was quicker. */
  async function written<R extends Decided>(
    owner: Owner,
    before: KeptCart,
    decision: R,
    answerOf: AnswerOf<R>,
  ): Promise<KeptCart | undefined> {
    const { cart } = decision;
    if (cart === undefined || cart === before.cart) {
      const answer = answerOf(before, decision);
      return answer === undefined || (await keepFreeKey(database, answer)) ? before : undefined;
    }
    const next = nextOf(before, cart);
    return (await save(owner, before.version, next, answerOf(next, decision))) ? next : undefined;
  }

  /** Never below the time: a cart that was deleted and made again does not use a version twice. */
  function nextOf({ version }: KeptCart, cart: Cart): KeptCart {
    const nowMs = clock.now();
    return { version: Math.max(version + 1, nowMs), cart, updatedAtMs: nowMs };
  }

  /** Tells the other devices, through whichever process they are connected to. One that misses it looks by itself soon. */
  async function tell(owner: Owner, version: number): Promise<void> {
    await redis.publish(cartChannel(redisPrefix), `${owner.userId} ${version}`).catch(() => undefined);
  }

  async function change<R extends Decided>(
    owner: Owner,
    decide: Decide<R>,
    answerOf: AnswerOf<R>,
  ): Promise<{ readonly kept: KeptCart; readonly decision: R } | undefined> {
    for (let tries = 0; tries < LIMITS.cartTries; tries += 1) {
      const before = await (tries === 0 ? load(owner) : loadFresh(owner));
      const decision = await decide(before);
      const kept = await written(owner, before, decision, answerOf);
      if (kept !== undefined) return { kept, decision };
    }
    return undefined;
  }

  return {
    load,

    /**
     * Changes a cart as `decide` says, which is asked again when another process was quicker; undefined when they were so
     * too often. What `answerOf` gives is kept with the change or not at all; of an account only.
     */
    change: <R extends Decided>(owner: Owner, decide: Decide<R>, answerOf: AnswerOf<R> = () => undefined) =>
      inTurn(owner.userId, () => change(owner, decide, answerOf)),

    /**
     * For who has more to write than the cart of an account, in one transaction. `row` finds its cart at the version of
     * `before` or writes nothing.
     */
    begin: (owner: Owner, before: KeptCart, cart: Cart) => begin(owner, before.version, nextOf(before, cart)),

    /** Of a guest who has become somebody: what they had is in the cart of their account. */
    async drop(owner: Owner, before: KeptCart): Promise<void> {
      // Emptied, not deleted, and only as it was merged: what another tab of the guest adds meanwhile is not lost.
      await save(owner, before.version, nextOf(before, NO_CART.cart));
    },
  };
}

async function readCopy(redis: Redis, key: string): Promise<KeptCart | undefined> {
  if (redis.status !== 'ready') throw notConnected();
  const [version, body] = await redis.hmget(key, 'v', 'b');
  if (version == null || body == null) return undefined;
  return decodeCart(Number(version), body);
}
