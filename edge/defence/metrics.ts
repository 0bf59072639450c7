import type { Metrics } from '../../platform/metrics.ts';

export interface GateMetrics {
  /** Something was held up because this had its share. */
  limited(by: 'socket' | 'account' | 'address'): void;
  challenge(what: 'issued' | 'solved' | 'failed'): void;
  /** Redis did not count; this process did alone. */
  failed(error: unknown): void;
}

export function createGateMetrics(metrics: Metrics, onFailed: (error: unknown) => void): GateMetrics {
  const limits = metrics.counter({
    name: 'dropgate_edge_limited_total',
    help: 'Frames and joins that were too many, by whose they were.',
    labels: ['by'],
  });
  const challenges = metrics.counter({
    name: 'dropgate_edge_challenges_total',
    help: 'Proofs of work that were asked for, solved, and failed.',
    labels: ['what'],
  });
  const failures = metrics.counter({
    name: 'dropgate_edge_budget_failures_total',
    help: 'Joins that were counted in this process alone because Redis did not answer.',
  });
  return {
    limited: (by) => limits.inc({ by }),
    challenge: (what) => challenges.inc({ what }),
    failed(error) {
      failures.inc();
      onFailed(error);
    },
  };
}
