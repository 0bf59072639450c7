/** When a guest registers or signs in, what they did as a guest becomes theirs: each capability adds its part here. */
import type { Logger } from '../../platform/logging/logger.ts';

export interface GuestChange {
  readonly userId: string;
  readonly guestId: string;
}

export interface Guests {
  /** Called after the account is signed in. It may be called again for the same two, and must then do nothing more. */
  whenGuestBecame(part: string, hook: (change: GuestChange) => Promise<void>): void;
  guestBecame(change: GuestChange): Promise<void>;
}

export function createGuests(log: Logger): Guests {
  const hooks = new Map<string, (change: GuestChange) => Promise<void>>();
  return {
    whenGuestBecame(part, hook) {
      hooks.set(part, hook);
    },
    async guestBecame(change) {
      // Who has shown the right password is signed in, whatever becomes of a cart.
      const settled = await Promise.allSettled([...hooks.values()].map((hook) => hook(change)));
      const parts = [...hooks.keys()];
      settled.forEach((result, at) => {
        if (result.status === 'rejected') {
          log.error({ err: result.reason, part: parts[at] }, 'what a guest had could not be given to their account');
        }
      });
    },
  };
}
