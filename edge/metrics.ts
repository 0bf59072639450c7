import type { ErrorCode } from '../contracts/errors.ts';
import type { Metrics } from '../platform/metrics.ts';

export interface EdgeMetrics {
  socketOpened(): void;
  socketClosed(): void;
  admitted(count: number): void;
  /** A claim was decided: what for, and how long its shopper waited for it. */
  decided(decision: string, seconds: number): void;
  refused(code: ErrorCode): void;
  frameDropped(): void;
  callFailed(): void;
}

export function createEdgeMetrics(metrics: Metrics): EdgeMetrics {
  const sockets = metrics.gauge({ name: 'dropgate_edge_sockets', help: 'Open sockets.' });
  const admitted = metrics.counter({ name: 'dropgate_edge_admitted_total', help: 'Places this edge has called.' });
  const decisions = metrics.histogram({
    name: 'dropgate_edge_claim_seconds',
    help: 'From a claim to its decision, by decision.',
    labels: ['decision'],
  });
  const refusals = metrics.counter({
    name: 'dropgate_edge_refusals_total',
    help: 'Refusals by code.',
    labels: ['code'],
  });
  const dropped = metrics.counter({ name: 'dropgate_edge_frames_dropped_total', help: 'Frames lost to slow readers.' });
  const failed = metrics.counter({ name: 'dropgate_edge_core_failures_total', help: 'Calls of the core that failed.' });
  return {
    socketOpened: () => sockets.inc(),
    socketClosed: () => sockets.dec(),
    admitted: (count) => admitted.inc(count),
    decided: (decision, seconds) => decisions.observe({ decision }, seconds),
    refused: (code) => refusals.inc({ code }),
    frameDropped: () => dropped.inc(),
    callFailed: () => failed.inc(),
  };
}
