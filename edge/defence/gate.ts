/**
 * What stands between a socket (or a request over HTTP) and the line: how fast it may speak, how often its account and
 * its address may join, and whether a proof of work is asked for first.
 */
import type { DropDefinition } from '../../contracts/drop.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { createAddressSet } from '../../platform/address-set.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Budgets } from '../../reservation-core/budgets.ts';
import { countedAs } from '../transport/address.ts';
import { type Bucket, type Taken, takeFrom } from './buckets.ts';
import { createChallenges } from './challenge.ts';
import type { GateMetrics } from './metrics.ts';
import { createSharedBuckets } from './shared-buckets.ts';
import { createSpentProofs } from './spent-proofs.ts';
import { FAILURE_COST, HIGHEST_LEVEL, JOIN_COST, levelOf } from './suspicion.ts';

/** What the gate remembers of one socket; its owner keeps it. */
export type SocketState = Bucket;
export type GuardedDrop = Pick<DropDefinition, 'id' | 'challenge'>;

export interface JoinRequest {
  readonly drop: GuardedDrop;
  readonly address: string;
  /** From a verified token, never from what the client says. */
  readonly shopperId: string;
  /** Guests are free to make, so they count more; a guest unless given. */
  readonly kind?: keyof typeof JOIN_COST;
  readonly proof?: string | undefined;
  /** With a ticket of this drop that is theirs: they have proved already, or came in when nothing was asked for. */
  readonly returning?: boolean;
}

export type JoinDecision =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: 'RATE_LIMITED'; readonly retryAfterMs: number }
  | { readonly ok: false; readonly code: 'CHALLENGE_REQUIRED'; readonly challenge: string };

export interface Gate {
  socket(): SocketState;
  /** Asked for every frame, before it is read. */
  frame(socket: SocketState): 'ok' | 'RATE_LIMITED';
  join(request: JoinRequest): Promise<JoinDecision>;
  /** For the welcome: what has to be solved before joining, as far as is known before anybody joined. */
  challengeFor(drop: GuardedDrop, address: string): Promise<string | undefined>;
  /** Somebody at this address did what no honest client does, such as showing a forged token. */
  suspect(address: string): void;
}

export interface GateOptions {
  readonly budgets: Budgets;
  /** The secret that tickets and passes are signed with. */
  readonly secret: string;
  readonly clock: Clock;
  readonly metrics: GateMetrics;
  /** Networks whose address is not counted. */
  readonly unlimited: readonly string[];
}

/** A challenge that was right when it was given is right although others joined from there meanwhile. */
const LEVELS_BEHIND = 1;
const NOTHING_USED: Taken = { ok: true, used: 0 };

export function createGate({ budgets, secret, clock, metrics, unlimited }: GateOptions): Gate {
  const isUnlimited = createAddressSet(unlimited);
  const challenges = createChallenges({ secret, clock });
  const onFailed = metrics.failed;
  const proofs = createSpentProofs(budgets, onFailed);
  const accounts = createSharedBuckets({ of: 'account', size: LIMITS.joinsPerAccount, budgets, clock, onFailed });
  const addresses = createSharedBuckets({ of: 'address', size: LIMITS.joinsPerAddress, budgets, clock, onFailed });

  async function takeFromAddress(address: string, cost: number): Promise<Taken> {
    return isUnlimited(address) ? NOTHING_USED : addresses.take(countedAs(address), cost);
  }

  async function ask(drop: GuardedDrop, level: number): Promise<JoinDecision> {
    metrics.challenge('issued');
    return { ok: false, code: 'CHALLENGE_REQUIRED', challenge: await challenges.issue(drop.id, level) };
  }

  function limited(by: 'account' | 'address', retryAfterMs: number): JoinDecision {
    metrics.limited(by);
    return { ok: false, code: 'RATE_LIMITED', retryAfterMs };
  }

  async function failedProof({ address, drop }: JoinRequest, level: number): Promise<JoinDecision> {
    metrics.challenge('failed');
    await takeFromAddress(address, FAILURE_COST);
    return ask(drop, Math.min(HIGHEST_LEVEL, level + 1));
  }

  async function prove(request: JoinRequest, level: number): Promise<JoinDecision> {
    const { drop, proof } = request;
    if (proof === undefined) return ask(drop, level);
    const verified = await challenges.verify(drop.id, proof);
    if (!verified.ok) return verified.why === 'expired' ? ask(drop, level) : failedProof(request, level);
    if (verified.level < level - LEVELS_BEHIND) return ask(drop, level);
    if (!(await proofs.spend(verified.id, verified.expiresInMs))) return failedProof(request, level);
    metrics.challenge('solved');
    return { ok: true };
  }

  return {
    socket: () => ({ fullAtMs: 0 }),
    frame(socket) {
      if (takeFrom(socket, LIMITS.framesPerSocket, 1, clock.now()).ok) return 'ok';
      metrics.limited('socket');
      return 'RATE_LIMITED';
    },
    async join(request) {
      const { drop, address, shopperId, kind = 'guest', returning = false } = request;
      const [account, from] = await Promise.all([
        accounts.take(shopperId, 1),
        takeFromAddress(address, JOIN_COST[kind]),
      ]);
      if (!account.ok) return limited('account', account.retryAfterMs);
      if (!from.ok) return limited('address', from.retryAfterMs);
      const level = returning ? 0 : levelOf(drop.challenge, from.used);
      return level === 0 ? { ok: true } : prove(request, level);
    },
    async challengeFor(drop, address) {
      const level = levelOf(drop.challenge, isUnlimited(address) ? 0 : addresses.used(countedAs(address)));
      if (level === 0) return undefined;
      metrics.challenge('issued');
      return await challenges.issue(drop.id, level);
    },
    suspect(address) {
      takeFromAddress(address, FAILURE_COST).catch(onFailed);
    },
  };
}
