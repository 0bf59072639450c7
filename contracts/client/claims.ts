/**
 * The claims of one shopper that have no final answer yet. Each is sent again, with its key, whenever it is not sure
 * that the edge decided it: after a lost socket, after silence, after BUSY. The same key gets the same answer, so
 * nothing is bought twice; and no claim is told refused that may have been won.
 */
import type { ErrorCode } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { encodeMessage } from '../line/codec.ts';
import type { EdgeMessageOf, ShopperMessage } from '../line/messages.ts';
import { createAlarm } from './alarm.ts';

export type ClaimRequest = Omit<Extract<ShopperMessage, { t: 'claim' }>, 't'>;

/** No answer in time. `sent` false: nothing was claimed. `sent` true: ask again with the same key, or look at the orders. */
export interface Unanswered {
  readonly t: 'unanswered';
  readonly key: string;
  readonly why: 'too late' | 'closed' | 'too many';
  readonly sent: boolean;
}

export type ClaimOutcome = EdgeMessageOf<'claimed'> | EdgeMessageOf<'refused'> | Unanswered;

export interface ClaimBookOptions {
  readonly now: () => number;
  readonly random: () => number;
  /** How long after `claim` the answer is given up. */
  readonly deadlineMs: number;
  /** How long the edge may be silent about a claim before it is asked again. */
  readonly silenceMs: number;
  send(frame: string): void;
}

export interface ClaimBook {
  readonly size: number;
  add(request: ClaimRequest): Promise<ClaimOutcome>;
  /** From here on claims are sent: the shopper is admitted. */
  open(): void;
  /** From here on only what may have been decided is asked about: with a pass that is over nothing new is won. */
  ask(): void;
  /** From here on they are not; what was sent may never be answered. */
  shut(): void;
  claimed(message: EdgeMessageOf<'claimed'>): void;
  refused(message: EdgeMessageOf<'refused'>, key: string): void;
  /** Something failed at the edge, and it did not say for which claim. */
  askAgain(afterMs: number): void;
  end(): void;
}

interface Pending {
  readonly request: ClaimRequest;
  readonly frame: string;
  readonly untilMs: number;
  /** Sent on this socket and not answered. */
  sentAtMs: number | undefined;
  /** Not sent before this, after BUSY. */
  notBeforeMs: number;
  everSent: boolean;
  /** Sent before, with an end that is not known. */
  unsure: boolean;
  readonly outcome: PromiseWithResolvers<ClaimOutcome>;
}

/** Too much at once: the same claim may well be decided a moment later. */
const TRANSIENT: ReadonlySet<ErrorCode> = new Set(['BUSY', 'RATE_LIMITED', 'INTERNAL', 'UNAVAILABLE']);
/** Said without looking the key up, so it does not tell what became of an earlier try. */
const WITHOUT_A_LOOK: ReadonlySet<ErrorCode> = new Set(['NOT_ADMITTED', 'CHALLENGE_REQUIRED', 'PAUSED', 'NOT_STARTED']);
const RETRY_MS = 1_000;

export function createClaimBook(options: ClaimBookOptions): ClaimBook {
  const { now, random, deadlineMs, silenceMs, send } = options;
  const pending = new Map<string, Pending>();
  const alarm = createAlarm();
  let gate: 'shut' | 'ask' | 'open' = 'shut';

  function settle(claim: Pending, outcome: ClaimOutcome): void {
    pending.delete(claim.request.key);
    claim.outcome.resolve(outcome);
  }

  function giveUp(claim: Pending, why: Unanswered['why']): void {
    settle(claim, { t: 'unanswered', key: claim.request.key, why, sent: claim.everSent });
  }

  /** Does what is due, and knows when to look again. */
  function work(): void {
    const nowMs = now();
    for (const claim of [...pending.values()]) review(claim, nowMs);
    for (const claim of sendable(nowMs)) sendNow(claim, nowMs);
    if (pending.size === 0) alarm.clear();
    else alarm.set(Math.max(1, Math.min(...[...pending.values()].map(nextLookMs)) - nowMs), work);
  }

  function review(claim: Pending, nowMs: number): void {
    const { untilMs, sentAtMs } = claim;
    if (nowMs >= untilMs) giveUp(claim, 'too late');
    else if (sentAtMs !== undefined && nowMs >= sentAtMs + silenceMs) doubt(claim, nowMs);
  }

  function sendable(nowMs: number): Pending[] {
    const all = [...pending.values()];
    const underWay = all.filter(({ sentAtMs }) => sentAtMs !== undefined).length;
    const free = Math.max(0, LIMITS.claimsPerSocket - underWay);
    return all.filter((claim) => maySend(claim) && claim.notBeforeMs <= nowMs).slice(0, free);
  }

  function maySend({ sentAtMs, unsure }: Pending): boolean {
    return sentAtMs === undefined && (gate === 'open' || (gate === 'ask' && unsure));
  }

  function sendNow(claim: Pending, nowMs: number): void {
    claim.sentAtMs = nowMs;
    claim.everSent = true;
    send(claim.frame);
  }

  function nextLookMs(claim: Pending): number {
    const { untilMs, sentAtMs, notBeforeMs } = claim;
    if (sentAtMs !== undefined) return Math.min(untilMs, sentAtMs + silenceMs);
    // One that only waits for its turn to be sent is looked at when another is answered.
    return maySend(claim) && notBeforeMs > now() ? Math.min(untilMs, notBeforeMs) : untilMs;
  }

  function doubt(claim: Pending, notBeforeMs: number, mayBeDecided = true): void {
    claim.unsure ||= mayBeDecided;
    claim.sentAtMs = undefined;
    claim.notBeforeMs = notBeforeMs;
  }

  function jittered(afterMs: number): number {
    return now() + afterMs * (1 + random());
  }

  return {
    get size() {
      return pending.size;
    },
    add(request) {
      const { key } = request;
      const frame = encodeMessage({ t: 'claim', ...request });
      const same = pending.get(key);
      if (same !== undefined && same.frame !== frame) return Promise.resolve({ t: 'refused', key, code: 'KEY_REUSED' });
      if (same !== undefined) return same.outcome.promise;
      if (pending.size >= LIMITS.clientClaims) {
        return Promise.resolve({ t: 'unanswered', key, why: 'too many', sent: false });
      }
      const outcome = Promise.withResolvers<ClaimOutcome>();
      const fresh = { sentAtMs: undefined, notBeforeMs: 0, everSent: false, unsure: false };
      pending.set(key, { request, frame, untilMs: now() + deadlineMs, ...fresh, outcome });
      work();
      return outcome.promise;
    },
    open() {
      gate = 'open';
      work();
    },
    ask() {
      gate = 'ask';
      work();
    },
    shut() {
      gate = 'shut';
      for (const claim of pending.values()) if (claim.sentAtMs !== undefined) doubt(claim, 0);
      work();
    },
    claimed(message) {
      const claim = pending.get(message.key);
      if (claim === undefined) return;
      settle(claim, message);
      work();
    },
    refused(message, key) {
      const claim = pending.get(key);
      if (claim === undefined) return;
      const { code, retryAfterMs = RETRY_MS } = message;
      if (TRANSIENT.has(code) || (claim.unsure && WITHOUT_A_LOOK.has(code))) {
        doubt(claim, jittered(retryAfterMs), code !== 'RATE_LIMITED');
      } else {
        settle(claim, message);
      }
      work();
    },
    askAgain(afterMs) {
      for (const claim of pending.values()) if (claim.sentAtMs !== undefined) doubt(claim, jittered(afterMs));
      work();
    },
    end() {
      gate = 'shut';
      for (const claim of [...pending.values()]) giveUp(claim, 'closed');
      alarm.clear();
    },
  };
}
