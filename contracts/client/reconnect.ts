/** Whether, and after how long, a client comes back once its socket has closed. */
import { CLOSE, mayReconnect } from '../close-codes.ts';

export interface Backoff {
  readonly minMs: number;
  readonly maxMs: number;
}

export type AfterClose =
  | { readonly next: 'stop' }
  /** Not before `atLeastMs`, and then anywhere within `withinMs`. */
  | { readonly next: 'return'; readonly atLeastMs: number; readonly withinMs: number; readonly renewToken: boolean };

/** An edge that drains sends all of its sockets away at once; they must not meet again at the next one. */
const DRAIN_SPREAD_MS = 5_000;
/** Who came too often stays away for longer than they were told to. */
const RATE_LIMITED_MS = 5_000;

export interface Closing {
  readonly code: number;
  /** Sockets that failed in a row, this one included. */
  readonly failures: number;
  /** What a refusal just before the close asked for. */
  readonly retryAfterMs: number;
  /** The token of this socket was already a renewed one. */
  readonly renewed: boolean;
}

export function afterClose({ code, failures, retryAfterMs, renewed }: Closing, backoff: Backoff): AfterClose {
  const withinMs = Math.min(backoff.maxMs, backoff.minMs * 2 ** Math.min(failures, 20));
  if (code === CLOSE.UNAUTHENTICATED) {
    return renewed ? { next: 'stop' } : { next: 'return', atLeastMs: 0, withinMs, renewToken: true };
  }
  if (!mayReconnect(code)) return { next: 'stop' };
  const again = { next: 'return', atLeastMs: retryAfterMs, withinMs, renewToken: false } as const;
  if (code === CLOSE.DRAINING) return { ...again, withinMs: Math.max(withinMs, DRAIN_SPREAD_MS) };
  if (code === CLOSE.RATE_LIMITED) return { ...again, atLeastMs: Math.max(retryAfterMs, RATE_LIMITED_MS) };
  return again;
}

/** Full jitter: anywhere in the whole interval, so that a crowd which lost one edge comes back evenly. */
export function delayOf(after: Extract<AfterClose, { next: 'return' }>, random: () => number): number {
  return Math.round(after.atLeastMs + random() * after.withinMs);
}
