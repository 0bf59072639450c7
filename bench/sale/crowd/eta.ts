/** What one shopper was told about when their turn comes, and whether that was put off by more than it was wide. */
import { type Message, numberIn } from '../../sockets/read-message.ts';
import type { SaleWait } from './notes.ts';

interface Told {
  readonly atMs: number;
  readonly lowMs: number;
  readonly highMs: number;
  readonly odds: number;
}

export interface EtaNote {
  /** Only what is told about a place counts: before a draw nobody has one. */
  told(message: Message): void;
  wait(of: {
    readonly place: number;
    readonly admittedAtMs: number | null;
    readonly left: boolean;
  }): SaleWait | undefined;
}

export function createEtaNote(): EtaNote {
  let jumps = 0;
  let [first, last]: [Told | undefined, Told | undefined] = [undefined, undefined];
  return {
    told(message) {
      const eta = etaIn(message);
      if (eta === undefined) return;
      if (last !== undefined && eta.atMs + eta.highMs > last.atMs + 2 * last.highMs - last.lowMs) jumps += 1;
      first ??= eta;
      last = eta;
    },
    wait({ place, admittedAtMs, left }) {
      if (first === undefined) return undefined;
      const { atMs: toldAtMs, lowMs, highMs, odds } = first;
      return { place, toldAtMs, lowMs, highMs, admittedAtMs, calledAtMs: null, left, jumps, odds };
    },
  };
}

function etaIn(message: Message): Told | undefined {
  const eta = message['etaMs'];
  if (!Array.isArray(eta)) return undefined;
  const [lowMs, highMs]: unknown[] = eta;
  return typeof lowMs === 'number' && typeof highMs === 'number'
    ? { atMs: Date.now(), lowMs, highMs, odds: numberIn(message, 'odds') ?? 0 }
    : undefined;
}
