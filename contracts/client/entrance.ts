/** From welcome to place: the token, the proof, the join, and trying again when the edge cannot take it yet. */
import type { ErrorCode } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { createAlarm } from './alarm.ts';
import { joinFrame } from './frames.ts';
import { type Link, LOST } from './link.ts';
import type { Remembered } from './memory.ts';
import type { LineClientOptions, Patience } from './options.ts';
import type { ClientState } from './state.ts';

export interface EntranceOptions {
  readonly token: LineClientOptions['token'];
  readonly solve: LineClientOptions['solve'];
  readonly link: Link;
  readonly patience: Patience;
  readonly now: () => number;
  readonly random: () => number;
  remembered(): Remembered;
  become(state: ClientState): void;
  refusedForGood(code: ErrorCode): void;
  problem(error: unknown): void;
}

export interface Entrance {
  /** A new connection, with or without a challenge. */
  welcomed(challenge: string | undefined): void;
  join(): void;
  prove(challenge: string | undefined): void;
  later(code: ErrorCode, retryAfterMs: number): void;
  /** The place is there. */
  arrived(): void;
  /** What is under way counts no more. */
  stop(): void;
}

export function createEntrance(options: EntranceOptions): Entrance {
  const { link, patience, now, random, become } = options;
  const step = createAlarm();
  let challenge: string | undefined;
  /** Grows when what was begun, a token or a proof, is of no use any more. */
  let turn = 0;
  let refusals = 0;
  let proofs = 0;

  function begin(state: ClientState): number {
    turn += 1;
    step.clear();
    become(state);
    return turn;
  }

  async function joinWith(proof?: string): Promise<void> {
    const mine = begin({ at: 'joining' });
    step.set(patience.joinMs, () => link.leaveIt(LOST));
    const token = await options.token({ renew: link.renewToken });
    if (mine !== turn) return;
    step.set(patience.joinMs, () => link.leaveIt(LOST));
    link.say(joinFrame({ token, ...options.remembered(), ...(proof === undefined ? {} : { proof }) }));
  }

  async function proveNow(): Promise<void> {
    const { solve } = options;
    if (solve === undefined || proofs >= LIMITS.clientProofs) return options.refusedForGood('CHALLENGE_REQUIRED');
    // Only a new welcome brings a new challenge.
    if (challenge === undefined) return link.leaveIt(LOST);
    const mine = begin({ at: 'challenged' });
    proofs += 1;
    const proof = await solve(challenge);
    if (mine !== turn) return;
    challenge = undefined;
    await joinWith(proof);
  }

  /** A token or a proof that was not to be had is like a lost connection: tried again, with a back-off, not for ever. */
  function run(work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      options.problem(error);
      link.leaveIt(LOST);
    });
  }

  return {
    welcomed(given) {
      challenge = given;
      // Who comes back with a ticket is tried without a proof first: it costs a phone seconds.
      run(() => (given !== undefined && options.remembered().ticket === undefined ? proveNow() : joinWith()));
    },
    join: () => run(() => joinWith()),
    prove(given) {
      challenge = given ?? challenge;
      run(proveNow);
    },
    later(code, retryAfterMs) {
      const spreadMs = Math.min(patience.backoff.maxMs, retryAfterMs * 2 ** Math.min(refusals, 20));
      const delayMs = Math.round(retryAfterMs + random() * spreadMs);
      refusals += 1;
      begin({ at: 'outside', code, retryAtMs: now() + delayMs });
      step.set(delayMs, () => run(() => joinWith()));
    },
    arrived() {
      turn += 1;
      step.clear();
      refusals = 0;
      proofs = 0;
      link.joined();
    },
    stop() {
      turn += 1;
      step.clear();
    },
  };
}
