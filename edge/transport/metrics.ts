/** What came in at the door of an edge, and what was not let in. */
import { CLOSE } from '../../contracts/close-codes.ts';
import type { Metrics } from '../../platform/metrics.ts';
import { REFUSALS, type Refusal } from './door.ts';

export interface TransportMetrics {
  /** A frame arrived, whatever it says. */
  frame(): void;
  /** A socket or a request was not let in. */
  refused(why: Refusal): void;
  answered(status: number): void;
  /** A socket was closed, by whom and why its code says. */
  closed(code: number): void;
}

export const silentTransport: TransportMetrics = {
  frame: () => undefined,
  refused: () => undefined,
  answered: () => undefined,
  closed: () => undefined,
};

export function createTransportMetrics(metrics: Metrics): TransportMetrics {
  const frames = metrics.counter({ name: 'dropgate_edge_frames_total', help: 'Frames that shoppers sent.' });
  const refusals = metrics.counter({
    name: 'dropgate_edge_turned_away_total',
    help: 'Sockets and requests that were not let in, by reason.',
    labels: ['why'],
  });
  const answers = metrics.counter({
    name: 'dropgate_edge_http_answers_total',
    help: 'Answers over HTTP by the class of their status.',
    labels: ['status'],
  });
  const closes = metrics.counter({
    name: 'dropgate_edge_closes_total',
    help: 'Sockets that ended, by close code; 1000 to 1015 are those of the standard.',
    labels: ['code'],
  });
  for (const why of REFUSALS) refusals.inc({ why }, 0);
  return {
    frame: () => frames.inc(),
    refused: (why) => refusals.inc({ why }),
    answered: (status) => answers.inc({ status: `${Math.floor(status / 100)}xx` }),
    // A client may close with any of 3000 to 4999: a label has few values, so what is not known is one of them.
    closed: (code) => closes.inc({ code: KNOWN_CODES.has(code) ? String(code) : 'other' }),
  };
}

const KNOWN_CODES: ReadonlySet<number> = new Set([...Object.values(CLOSE), 1000, 1001, 1002, 1005, 1006, 1007, 1009]);
