/** Edges: other crowds than the one that the costs come from, and what the core's own report says of their Redis. */
import type { CheckSpec } from './check.ts';

const US_PER_SECOND = 1_000_000;

const manySockets: CheckSpec = {
  point: 'edge: CPU of the edge for a claim, with the most sockets',
  madeFrom: '1,000 sockets: who else is connected does not make a claim dearer',
  unit: 'µs',
  predict(seeker) {
    return {
      predicted: seeker.seek('edge', 'µs', 'metrics.edgeUsPerDecision').value,
      measured: seeker.seek('edge', 'µs', 'curves.sockets[last].edge us/claim').value,
    };
  },
};

const manySocketsRate: CheckSpec = {
  point: 'edge: claims decided/s with the most sockets',
  madeFrom: '1,000 sockets: CPU of all three processes for a claim, and the cores that the point used',
  unit: 'claims/s',
  predict(seeker) {
    const main = (['edge', 'redis', 'generator'] as const).map(
      (name) => seeker.seek('edge', 'cores', `metrics.${name}Cores`).value,
    );
    const rate = seeker.seek('edge', 'claims/s', 'metrics.decisionsPerSecond').value;
    const there = ['edge', 'Redis', 'generator'].map(
      (name) => seeker.seek('edge', 'cores', `curves.sockets[last].${name} cores`).value,
    );
    return {
      predicted: (rate * sum(there)) / sum(main),
      measured: seeker.seek('edge', 'claims/s', 'curves.sockets[last].decisions/s').value,
    };
  },
};

const redisBehindAnEdge: CheckSpec = {
  point: 'edge: CPU of Redis for a claim that came through an edge',
  madeFrom: 'core, which has no edge: full batches',
  unit: 'µs',
  predict(seeker) {
    const rate = seeker.seek('edge', 'claims/s', 'metrics.decisionsPerSecond').value;
    return {
      predicted: seeker.seek('core', 'µs', 'metrics.redisUsPerClaim').value,
      measured: (seeker.seek('edge', 'cores', 'metrics.redisCores').value * US_PER_SECOND) / rate,
    };
  },
};

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

export const EDGE_CHECKS: readonly CheckSpec[] = [manySockets, manySocketsRate, redisBehindAnEdge];
