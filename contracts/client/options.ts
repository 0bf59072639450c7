import type { ClientMemory } from './memory.ts';
import type { Backoff } from './reconnect.ts';
import type { MakeSocket } from './socket.ts';

export interface LineClientOptions {
  /** One edge or several; after a failure the next one is tried. */
  readonly urls: string | readonly string[];
  readonly dropId: string;
  /** The first of the installation, where none is given. */
  readonly region?: string;
  /** Asked for each join; `renew` when the last token was refused. */
  readonly token: (need: { readonly renew: boolean }) => Promise<string>;
  /**
   * Answers a challenge: `solve` of contracts/challenge, or a worker that runs it, since it may take seconds. Without it
   * a drop that asks for a proof cannot be joined.
   */
  readonly solve?: (challenge: string) => Promise<string>;
  readonly memory?: ClientMemory;
  readonly makeSocket?: MakeSocket;
  readonly patience?: Partial<Patience>;
  readonly now?: () => number;
  readonly random?: () => number;
}

export interface Patience {
  /** From the address to the welcome. */
  readonly connectMs: number;
  /** From join to place. */
  readonly joinMs: number;
  /** When nothing was heard for this long, a ping is sent; also when nothing was said for `sayMs`. */
  readonly quietMs: number;
  readonly sayMs: number;
  /** No answer to a ping for this long: the connection is dead. */
  readonly pongMs: number;
  /** A claim without its answer is sent again after this, and given up after `claimMs`. */
  readonly claimSilenceMs: number;
  readonly claimMs: number;
  readonly backoff: Backoff;
  /** A connection that held for this long makes earlier failures forgotten. */
  readonly stableMs: number;
  /** Failures in a row after which the client gives up. */
  readonly failures: number;
}

/**
 * Tries are never further apart than a fraction of INTERVALS.graceMs: whose turn comes while they are away for longer is
 * passed over. So many failures take about ten minutes. A socket may be silent for LIMITS.socketIdleSeconds.
 */
export const PATIENCE: Patience = {
  connectMs: 10_000,
  joinMs: 10_000,
  quietMs: 25_000,
  sayMs: 60_000,
  pongMs: 10_000,
  claimSilenceMs: 5_000,
  claimMs: 60_000,
  backoff: { minMs: 500, maxMs: 10_000 },
  stableMs: 10_000,
  failures: 120,
};
