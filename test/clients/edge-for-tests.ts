import { afterAll } from 'vitest';
import type { DropDefinition } from '../../contracts/drop.ts';
import { createEdge, type Edge } from '../../edge/edge.ts';
import { systemClock } from '../../platform/clock.ts';
import { createMetrics } from '../../platform/metrics.ts';
import { createAccessTokens } from '../../platform/tokens/access-token.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import { freePort } from '../../scripts/servers/ports.ts';
import { liveDrop, newId } from '../fixtures/drop.ts';
import { silentLog, useShards } from '../fixtures/shards.ts';

const SECRET = 'a secret of at least 32 characters';

export interface RunningEdge {
  readonly url: string;
  readonly port: number;
  readonly edge: Edge;
  kill(): void;
}

/** Edges in this process that share one Redis, and what shoppers need to come to them. */
export function useEdges(redis: { readonly url: string; readonly prefix: string }) {
  const core = useShards(redis);
  const tokens = createAccessTokens({ secret: SECRET, clock: systemClock });
  const open = new Set<Edge>();
  afterAll(() => {
    for (const edge of open) edge.close();
  });
  return {
    core,
    /** A port that it had before it gets again: one chosen by itself could not be taken again for a minute. */
    async start(port?: number): Promise<RunningEdge> {
      const edge = createEdge({
        ...{ shards: core.shards, redisPrefix: redis.prefix, authSecret: SECRET, passSecret: SECRET },
        ...{ clock: systemClock, log: silentLog, metrics: createMetrics('edge-test') },
      });
      open.add(edge);
      const kill = (): void => {
        open.delete(edge);
        edge.close();
      };
      const listening = await edge.listen('127.0.0.1', port ?? (await freePort()));
      return { url: `ws://127.0.0.1:${listening}`, port: listening, edge, kill };
    },
    async publish(changes: Partial<DropDefinition> = {}): Promise<DropDefinition> {
      const drop = liveDrop(Date.now(), changes);
      await createDrops(core).publish(drop);
      return drop;
    },
    async guest(): Promise<string> {
      return (await tokens.issue({ userId: newId(), kind: 'guest', role: 'shopper' })).accessToken;
    },
  };
}
