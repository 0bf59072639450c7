/**
 * Keeps the devices of a person in step: who changes a cart says so on a channel of Redis, and each store process sends
 * the cart to the sockets it has of its owner. A message that gets lost is made good by a look at each heartbeat.
 */

import { cartChannel } from '../../contracts/cart-keys.ts';
import { CLOSE } from '../../contracts/close-codes.ts';
import { INTERVALS, LIMITS } from '../../contracts/limits.ts';
import { listenToRedis } from '../../platform/connections/redis-listener.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import type { StoreServices } from '../services.ts';
import type { Owner } from './cart-store.ts';
import type { Carts } from './carts.ts';

/** What is used of a socket of `ws`, which comes without types. */
export interface DeviceSocket {
  readonly readyState: number;
  readonly OPEN: number;
  readonly bufferedAmount: number;
  send(text: string): void;
  ping(): void;
  close(code: number): void;
  terminate(): void;
  on(event: string, listener: (...values: unknown[]) => void): unknown;
  once(event: string, listener: (...values: unknown[]) => void): unknown;
}

interface Person {
  readonly owner: Owner;
  readonly sockets: Set<DeviceSocket>;
  sentVersion: number;
  /** The send under way; one more follows when something changed meanwhile. */
  sending: Promise<void> | undefined;
  isStale: boolean;
}

export interface CartHub {
  /** False when this person has too many sockets already. */
  join(owner: Owner, socket: DeviceSocket): boolean;
  leave(owner: Owner, socket: DeviceSocket): void;
  /** Sends the cart as it is now. */
  refresh(owner: Owner): void;
  start(): void;
  close(): void;
}

interface HubOptions {
  readonly services: Pick<StoreServices, 'redis' | 'redisPrefix'>;
  readonly carts: Carts;
  readonly log: Pick<Logger, 'warn' | 'debug'>;
}

export function createCartHub({ services, carts, log }: HubOptions): CartHub {
  const people = new Map<string, Person>();
  let listener: { close(): void } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isLooking = false;

  function send(person: Person): void {
    person.isStale = true;
    person.sending ??= sendAll(person).finally(() => {
      person.sending = undefined;
    });
  }

  async function sendAll(person: Person): Promise<void> {
    while (person.isStale && person.sockets.size > 0) {
      person.isStale = false;
      try {
        const cart = await carts.view(person.owner);
        person.sentVersion = Math.max(person.sentVersion, cart.version);
        const text = JSON.stringify({ t: 'cart', cart });
        for (const socket of person.sockets) sendTo(socket, text);
      } catch (error) {
        log.warn({ err: error }, 'a cart could not be sent to its sockets, trying again');
        return;
      }
    }
  }

  function hear(message: string): void {
    const [userId = '', version = ''] = message.split(' ');
    const person = people.get(userId);
    if (person !== undefined && !(Number(version) <= person.sentVersion)) send(person);
  }

  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    try {
      for (const person of [...people.values()]) {
        const { version } = await carts.store.load(person.owner);
        if (version > person.sentVersion) send(person);
      }
    } catch (error) {
      log.debug({ err: error }, 'carts could not be looked at');
    } finally {
      isLooking = false;
    }
  }

  return {
    join(owner, socket) {
      const known = people.get(owner.userId);
      const person = known ?? { owner, sockets: new Set(), sentVersion: -1, sending: undefined, isStale: false };
      if (person.sockets.size >= LIMITS.cartSocketsPerPerson) return false;
      person.sockets.add(socket);
      people.set(owner.userId, person);
      return true;
    },
    leave(owner, socket) {
      const person = people.get(owner.userId);
      person?.sockets.delete(socket);
      if (person?.sockets.size === 0) people.delete(owner.userId);
    },
    refresh(owner) {
      const person = people.get(owner.userId);
      if (person !== undefined) send(person);
    },
    start() {
      const { redis, redisPrefix } = services;
      listener = listenToRedis({
        ...{ redis, pattern: cartChannel(redisPrefix), onMessage: (_channel, message) => hear(message) },
        onError: (error) => log.debug({ err: error }, 'changes of carts are not heard of now'),
      });
      timer = setInterval(() => void look(), INTERVALS.cartHeartbeatMs);
    },
    close() {
      clearInterval(timer);
      listener?.close();
      for (const { sockets } of people.values()) for (const socket of sockets) socket.close(CLOSE.DRAINING);
    },
  };
}

function sendTo(socket: DeviceSocket, text: string): void {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > LIMITS.cartSocketBytes) socket.close(CLOSE.SLOW_READER);
  else socket.send(text);
}
