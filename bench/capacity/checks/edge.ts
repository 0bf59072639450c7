/** Edges: other crowds than the one that the costs come from, and what the core's own report says of their Redis. */
import { type CheckSpec, takenForTheSame } from './check.ts';

const US_PER_SECOND = 1_000_000;

const manySockets = takenForTheSame({
  point: 'edge: CPU of the edge for a claim, with the most sockets',
  madeFrom: '1,000 sockets: who else is connected does not make a claim dearer',
  ...{ unit: 'µs', source: 'edge', from: ['metrics.edgeUsPerDecision'] },
  at: ['curves.sockets[last].at full edge us/claim', 'curves.sockets[last].edge us/claim'],
});

const manySocketsRate = takenForTheSame({
  point: 'edge: claims decided/s with the most sockets',
  madeFrom: '1,000 sockets: the same processes fill the same cores with the same work',
  ...{ unit: 'claims/s', source: 'edge', from: ['metrics.decisionsPerSecond'] },
  at: ['curves.sockets[last].at full decisions/s', 'curves.sockets[last].decisions/s'],
});

const redisBehindAnEdge: CheckSpec = {
  point: 'edge: CPU of Redis for a claim that came through an edge',
  madeFrom: 'core, which has no edge: with full batches a claim costs the least',
  unit: 'µs',
  // How full the batches of the edge were is not in its report.
  withinPercent: 50,
  predict(seeker) {
    const rate = seeker.seek('edge', 'claims/s', 'metrics.decisionsPerSecond').value;
    return {
      predicted: seeker.seek('core', 'µs', 'metrics.redisUsPerClaim').value,
      measured: (seeker.seek('edge', 'cores', 'metrics.redisCores').value * US_PER_SECOND) / rate,
    };
  },
};

export const EDGE_CHECKS: readonly CheckSpec[] = [manySockets, manySocketsRate, redisBehindAnEdge];
