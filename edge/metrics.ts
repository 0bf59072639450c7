import type { ErrorCode } from '../contracts/errors.ts';
import type { Metrics } from '../platform/metrics.ts';
import type { LineAdmitReply } from '../reservation-core/generated/line-admit.ts';

export interface EdgeMetrics {
  socketOpened(): void;
  socketClosed(): void;
  /** What the line of a drop looks like now. */
  moved(dropId: string, line: LineAdmitReply): void;
  forgetDrop(dropId: string): void;
  /** A claim was decided: what for, how long its shopper waited for it, and whether it was known without asking Redis. */
  decided(decision: string, seconds: number): void;
  refused(code: ErrorCode): void;
  /** A shopper's turn came: whether it was within the first interval that they were told. */
  estimated(outcome: 'early' | 'within' | 'late'): void;
  frameDropped(): void;
  callFailed(): void;
}

export function createEdgeMetrics(metrics: Metrics): EdgeMetrics {
  const drop = ['drop'] as const;
  const sockets = metrics.gauge({ name: 'dropgate_edge_sockets', help: 'Open sockets.' });
  const admitted = metrics.counter({
    name: 'dropgate_edge_admitted_total',
    help: 'Places this edge has called; of all edges together it is the pace of the line.',
    labels: drop,
  });
  const skipped = metrics.counter({
    name: 'dropgate_edge_skipped_total',
    help: 'Places this edge has passed over, their shoppers being gone.',
    labels: drop,
  });
  const waiting = metrics.gauge({ name: 'dropgate_edge_line_waiting', help: 'Places that wait.', labels: drop });
  const active = metrics.gauge({ name: 'dropgate_edge_line_active', help: 'Live passes.', labels: drop });
  const entrants = metrics.gauge({ name: 'dropgate_edge_line_entrants', help: 'Entrants of the draw.', labels: drop });
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
  const estimates = metrics.counter({
    name: 'dropgate_edge_eta_total',
    help: 'Turns that came, by whether that was within the first interval that their shopper was told.',
    labels: ['outcome'],
  });
  const dropped = metrics.counter({ name: 'dropgate_edge_frames_dropped_total', help: 'Frames lost to slow readers.' });
  const failed = metrics.counter({ name: 'dropgate_edge_core_failures_total', help: 'Calls of the core that failed.' });
  return {
    socketOpened: () => sockets.inc(),
    socketClosed: () => sockets.dec(),
    moved(dropId, line) {
      const labels = { drop: dropId };
      if (line.called > 0) admitted.inc(labels, line.called);
      if (line.skipped > 0) skipped.inc(labels, line.skipped);
      waiting.set(labels, line.waiting);
      active.set(labels, line.active);
      entrants.set(labels, line.entrants);
    },
    forgetDrop(dropId) {
      for (const metric of [waiting, active, entrants]) metric.remove({ drop: dropId });
    },
    decided: (decision, seconds) => decisions.observe({ decision }, seconds),
    refused: (code) => refusals.inc({ code }),
    estimated: (outcome) => estimates.inc({ outcome }),
    frameDropped: () => dropped.inc(),
    callFailed: () => failed.inc(),
  };
}
