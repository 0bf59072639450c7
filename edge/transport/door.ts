/**
 * Who may come in: how many sockets one address may have open, how fast it may open them, and how fast it may ask over
 * HTTP. These count in this process only: what holds over all edges is counted where places are given (edge/defence).
 */
import { LIMITS } from '../../contracts/limits.ts';
import { createAddressSet } from '../../platform/address-set.ts';
import type { Clock } from '../../platform/clock.ts';
import { createBuckets } from '../defence/buckets.ts';
import { countedAs } from './address.ts';

export type Entry =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly code: 'BUSY' | 'RATE_LIMITED';
      readonly why: Refusal;
      readonly retryAfterMs: number;
    };

export const REFUSALS = [
  'sockets',
  'sockets of one address',
  'openings',
  'requests',
  'origin',
  'token in url',
] as const;
export type Refusal = (typeof REFUSALS)[number];

export interface Door {
  /** Asked before a socket opens. */
  mayOpen(address: string): Entry;
  opened(address: string): void;
  closed(address: string): void;
  mayAsk(address: string): Entry;
}

export interface DoorOptions {
  readonly clock: Clock;
  readonly maxSockets: number;
  readonly socketsPerAddress: number;
  /** Networks that are not counted by address: what speaks from this machine, a load generator, a probe. */
  readonly unlimited: readonly string[];
}

const WELCOME: Entry = { ok: true };
const FULL_RETRY_MS = 5_000;

export function createDoor({ clock, maxSockets, socketsPerAddress, unlimited }: DoorOptions): Door {
  const isUnlimited = createAddressSet(unlimited);
  const openings = createBuckets(LIMITS.openingsPerAddress, LIMITS.addressesCounted);
  const requests = createBuckets(LIMITS.requestsPerAddress, LIMITS.addressesCounted);
  const open = new Map<string, number>();
  let sockets = 0;

  function change(address: string, by: number): void {
    sockets += by;
    const who = countedAs(address);
    const left = (open.get(who) ?? 0) + by;
    if (left > 0) open.set(who, left);
    else open.delete(who);
  }

  return {
    mayOpen(address) {
      if (sockets >= maxSockets) return { ok: false, code: 'BUSY', why: 'sockets', retryAfterMs: FULL_RETRY_MS };
      if (isUnlimited(address)) return WELCOME;
      const who = countedAs(address);
      if ((open.get(who) ?? 0) >= socketsPerAddress) {
        return { ok: false, code: 'RATE_LIMITED', why: 'sockets of one address', retryAfterMs: FULL_RETRY_MS };
      }
      const taken = openings.take(who, 1, clock.now());
      if (taken.ok) return WELCOME;
      return { ok: false, code: 'RATE_LIMITED', why: 'openings', retryAfterMs: taken.retryAfterMs };
    },
    opened: (address) => change(address, 1),
    closed: (address) => change(address, -1),
    mayAsk(address) {
      if (isUnlimited(address)) return WELCOME;
      const taken = requests.take(countedAs(address), 1, clock.now());
      if (taken.ok) return WELCOME;
      return { ok: false, code: 'RATE_LIMITED', why: 'requests', retryAfterMs: taken.retryAfterMs };
    },
  };
}
