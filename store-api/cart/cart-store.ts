/**
 * Where carts are. A guest's is in Redis alone. An account's is in PostgreSQL, written before a change is answered, with a
 * copy in Redis to read from: Redis may lose everything and nobody with an account loses anything. The two writes are not
 * one step, so whoever writes first takes the copy away and says so (lua/cart/keep.lua); no old copy outlives a crash.
 */
import type { Cart } from '../../commerce/cart/cart.ts';
import { type CartKeys, cartChannel, cartKeys } from '../../contracts/cart-keys.ts';
import { DropgateError } from '../../contracts/errors.ts';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { findCart, writeCart } from '../../db/queries/carts.ts';
import type { Redis } from '../../platform/connections/redis.ts';
import { notConnected } from '../../platform/connections/redis.ts';
import { cartKeep } from '../../reservation-core/generated/cart-keep.ts';
import { cartSave } from '../../reservation-core/generated/cart-save.ts';
import { createScriptRunner } from '../../reservation-core/script-runner.ts';
import type { StoreServices } from '../services.ts';
import { decodeCart, encodeCart, type KeptCart, NO_CART } from './stored-cart.ts';
import { createTurns } from './turns.ts';

export interface Owner {
  readonly kind: 'guest' | 'user';
  readonly userId: string;
}

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

  /** False when somebody else has written it since `expected`. */
  async function save(owner: Owner, expected: number, version: number, cart: Cart): Promise<boolean> {
    if (redis.status !== 'ready') throw notConnected();
    const nowMs = clock.now();
    const body = encodeCart(cart, nowMs);
    if (owner.kind === 'guest') {
      const args = { expected, version, body, keptMs: LIFETIMES.guestCartMs };
      return (await cartSave(scripts, { cart: keysOf(owner).cart }, args)).reply === 'SAVED';
    }
    const writer = nextId();
    const keys = keysOf(owner);
    await takeCopyAway(redis, keys, writer);
    const bought = cart.lines.filter(({ saved }) => !saved);
    const row = { userId: owner.userId, expected, version, body, updatedAtMs: nowMs };
    const counted = { lineCount: bought.length, firstSku: bought[0]?.sku ?? null };
    const written = await writeCart(database, { ...row, ...counted });
    // Answered is what the database has; without the copy the next reader looks there.
    if (written) await keep(owner, writer, version, body).catch(() => undefined);
    return written;
  }

  /** The copy may be one that is just being replaced: who was not quick enough asks the database. */
  async function loadFresh(owner: Owner): Promise<KeptCart> {
    return owner.kind === 'guest' ? await load(owner) : inTime(await loadFromDatabase(owner));
  }

  /** Undefined when somebody else was quicker. */
  async function written(owner: Owner, before: KeptCart, cart: Cart | undefined): Promise<KeptCart | undefined> {
    if (cart === undefined || cart === before.cart) return before;
    // Never below the time: a cart that was deleted and made again does not use a version twice.
    const version = Math.max(before.version + 1, clock.now());
    if (!(await save(owner, before.version, version, cart))) return undefined;
    await tell(owner, version);
    return { version, cart, updatedAtMs: clock.now() };
  }

  /** Tells the other devices, through whichever process they are connected to. One that misses it looks by itself soon. */
  async function tell(owner: Owner, version: number): Promise<void> {
    await redis.publish(cartChannel(redisPrefix), `${owner.userId} ${version}`).catch(() => undefined);
  }

  type Decide<R> = (kept: KeptCart) => Promise<R> | R;

  async function change<R extends { readonly cart: Cart | undefined }>(
    owner: Owner,
    ifVersion: number | undefined,
    decide: Decide<R>,
  ): Promise<{ readonly kept: KeptCart; readonly decision: R } | undefined> {
    for (let tries = 0; tries < LIMITS.cartTries; tries += 1) {
      const before = await (tries === 0 ? load(owner) : loadFresh(owner));
      if (ifVersion !== undefined && ifVersion !== before.version) return undefined;
      const decision = await decide(before);
      const kept = await written(owner, before, decision.cart);
      if (kept !== undefined) return { kept, decision };
    }
    return undefined;
  }

  return {
    load,

    /**
     * Changes a cart as `decide` says, which is asked again when another process was quicker; undefined when they were so
     * too often, or when the cart is not at `ifVersion`.
     */
    change: <R extends { readonly cart: Cart | undefined }>(
      owner: Owner,
      ifVersion: number | undefined,
      decide: Decide<R>,
    ) => inTurn(owner.userId, () => change(owner, ifVersion, decide)),

    /** Of a guest who has become somebody: what they had is in the cart of their account. */
    async drop(owner: Owner, version: number): Promise<void> {
      // Emptied, not deleted, and only as it was merged: what another tab of the guest adds meanwhile is not lost.
      await save(owner, version, Math.max(version + 1, clock.now()), NO_CART.cart);
    },
  };
}

async function takeCopyAway(redis: Redis, { cart, writing }: CartKeys, writer: string): Promise<void> {
  const answers = await redis.multi().del(cart).set(writing, writer, 'PX', LIFETIMES.cartWriteMs).exec();
  const failure = answers?.find(([error]) => error !== null)?.[0];
  if (answers === null || failure != null) {
    throw new DropgateError('UNAVAILABLE', 'Redis did not take the copy of a cart away', { cause: failure });
  }
}

async function readCopy(redis: Redis, key: string): Promise<KeptCart | undefined> {
  if (redis.status !== 'ready') throw notConnected();
  const [version, body] = await redis.hmget(key, 'v', 'b');
  if (version == null || body == null) return undefined;
  return decodeCart(Number(version), body);
}
