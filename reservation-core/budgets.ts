/** What accounts and addresses may do, counted over all edges on the home shard; and proofs that count only once. */
import type { Clock } from '../platform/clock.ts';
import { type DefenceTakeReply, defenceTake } from './generated/defence-take.ts';
import type { Keys } from './keys.ts';
import { createScriptRunner } from './script-runner.ts';
import type { Shards } from './shards.ts';

export interface Draw {
  readonly of: 'account' | 'address';
  readonly who: string;
  readonly cost: number;
  readonly capacity: number;
  readonly refillPerSecond: number;
}

export interface Budgets {
  /** Calls made in one turn of the event loop travel together: each bucket has its own slot, so no script has two. */
  take(draw: Draw): Promise<DefenceTakeReply>;
  /** False when this proof was spent before, at whichever edge. */
  spend(proofId: string, keptForMs: number): Promise<boolean>;
}

export function createBudgets(options: { shards: Shards; keys: Keys; clock: Clock }): Budgets {
  const { shards, keys, clock } = options;
  const { redis } = shards.home;
  // Not the runner of the shard: that one may wait for a replica, which a count that may be lost is not worth.
  const scripts = createScriptRunner(redis);
  return {
    take: ({ of, who, cost, capacity, refillPerSecond }) =>
      defenceTake(scripts, { bucket: keys.budget(of, who) }, { nowMs: clock.now(), cost, capacity, refillPerSecond }),
    async spend(proofId, keptForMs) {
      return (await redis.set(keys.spentProof(proofId), '1', 'PX', Math.max(1, Math.ceil(keptForMs)), 'NX')) === 'OK';
    },
  };
}
