/** Which sockets of this edge belong to which shopper, so that news of an order reach all of them. */
import type { EdgeMessage } from '../../contracts/line/messages.ts';

export interface Listener {
  tell(message: EdgeMessage): void;
}

export interface Presence {
  add(shopperId: string, listener: Listener): void;
  remove(shopperId: string, listener: Listener): void;
  tell(shopperId: string, message: EdgeMessage): void;
}

export function createPresence(): Presence {
  const listeners = new Map<string, Set<Listener>>();
  return {
    add(shopperId, listener) {
      const present = listeners.get(shopperId) ?? new Set();
      present.add(listener);
      listeners.set(shopperId, present);
    },
    remove(shopperId, listener) {
      const present = listeners.get(shopperId);
      present?.delete(listener);
      if (present?.size === 0) listeners.delete(shopperId);
    },
    tell(shopperId, message) {
      for (const listener of listeners.get(shopperId) ?? []) listener.tell(message);
    },
  };
}
