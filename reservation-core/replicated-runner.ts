/**
 * Runs scripts so that what they answer is on a replica as well: WAIT follows each script in one write on the same
 * connection, and without the acknowledgement there is no answer. The caller asks again with the same keys: what the script
 * did is done, so the repeat waits for nothing but the replica.
 */
import type { Redis } from '../platform/connections/redis.ts';
import { createScriptRunner, type Script, type ScriptRunner } from './script-runner.ts';

export const DURABILITIES = ['fsync', 'replicated'] as const;
export type Durability = (typeof DURABILITIES)[number];

/** Far below the deadline of a claim, so that a repeat fits in. */
const ACKNOWLEDGE_WITHIN_MS = 300;
const REPLICAS = 1;

export class NotReplicatedError extends Error {
  override readonly name = 'NotReplicatedError';
}

export function createReplicatedRunner(redis: Redis): ScriptRunner {
  const alone = createScriptRunner(redis);
  // WAITAOF (Redis 7.2) waits for the replica's disk, WAIT only for its memory.
  let knowsWaitAof: boolean | undefined;

  async function runAndWait(
    script: Script,
    keys: readonly string[],
    argv: readonly (string | number)[],
  ): Promise<unknown> {
    const pipeline = redis.pipeline();
    pipeline.evalsha(script.sha, keys.length, ...keys, ...argv);
    if (knowsWaitAof === true) pipeline.call('WAITAOF', 0, REPLICAS, ACKNOWLEDGE_WITHIN_MS);
    else pipeline.wait(REPLICAS, ACKNOWLEDGE_WITHIN_MS);
    const [answer, acknowledged] = (await pipeline.exec()) ?? [];
    if (answer === undefined || acknowledged === undefined) throw new NotReplicatedError('Redis answered nothing.');
    if (answer[0] !== null) throw answer[0];
    if (acknowledged[0] !== null) throw acknowledged[0];
    if (replicasIn(acknowledged[1]) < REPLICAS) {
      throw new NotReplicatedError(`No replica has acknowledged ${script.name} within ${ACKNOWLEDGE_WITHIN_MS} ms.`);
    }
    return answer[1];
  }

  return {
    async run(script, keys, argv) {
      // Losing a place in the line costs a place; losing a claim would cost a sale.
      if (!script.name.startsWith('stock/')) return await alone.run(script, keys, argv);
      knowsWaitAof ??= await hasWaitAof(redis);
      try {
        return await runAndWait(script, keys, argv);
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        await redis.script('LOAD', script.source);
        return await runAndWait(script, keys, argv);
      }
    },
  };
}

/** WAIT answers a number, WAITAOF how many of ours and how many replicas. */
function replicasIn(reply: unknown): number {
  return Number(Array.isArray(reply) ? reply[1] : reply);
}

async function hasWaitAof(redis: Redis): Promise<boolean> {
  const known: unknown = await redis.call('COMMAND', 'INFO', 'WAITAOF');
  return Array.isArray(known) && known[0] !== null;
}
