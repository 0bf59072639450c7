import type { Metrics } from '../../platform/metrics.ts';
import type { OrdersMetrics } from './orders.ts';
import type { ReleasesMetrics } from './releases.ts';

const MS_PER_SECOND = 1_000;
const BATCH_BUCKETS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000];
const LAG_BUCKETS_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800];

export function createOrdersMetrics(metrics: Metrics): OrdersMetrics & ReleasesMetrics {
  const written = metrics.counter({ name: 'dropgate_orders_written_total', help: 'Orders made from claims.' });
  const repeated = metrics.counter({ name: 'dropgate_orders_repeated_total', help: 'Claims that came again.' });
  const dead = metrics.counter({ name: 'dropgate_orders_dead_letters_total', help: 'Messages that were set aside.' });
  const commit = metrics.histogram({ name: 'dropgate_orders_commit_seconds', help: 'One batch, to its commit.' });
  const batch = metrics.histogram({
    name: 'dropgate_orders_batch_claims',
    help: 'Claims of one batch.',
    buckets: BATCH_BUCKETS,
  });
  const lag = metrics.histogram({
    name: 'dropgate_orders_lag_seconds',
    help: 'From the first claim of a batch to the commit of its orders.',
    buckets: LAG_BUCKETS_SECONDS,
  });
  const flagged = metrics.counter({
    name: 'dropgate_orders_flagged_total',
    help: 'Orders that were blocked, or that somebody has to review.',
    labels: ['verdict'],
  });
  const unreleased = metrics.counter({
    name: 'dropgate_orders_unreleased_total',
    help: 'Holds of blocked orders that could not be released and end when their time is over.',
  });
  const cancelled = metrics.counter({
    name: 'dropgate_orders_cancelled_total',
    help: 'Orders that ended because their hold did.',
  });
  const early = metrics.counter({
    name: 'dropgate_orders_released_early_total',
    help: 'Holds that ended before their order was there.',
  });
  return {
    committed({ claims, written: count, commitMs, lagMs }) {
      written.inc(count);
      repeated.inc(claims - count);
      batch.observe(claims);
      commit.observe(commitMs / MS_PER_SECOND);
      lag.observe(lagMs / MS_PER_SECOND);
    },
    flagged: (verdict, count) => flagged.inc({ verdict }, count),
    unreleased: (count) => unreleased.inc(count),
    cancelled: (count) => cancelled.inc(count),
    early: (count) => early.inc(count),
    dead: () => dead.inc(),
  };
}
