/**
 * When each socket learned how far the line has moved. The frame is the same for all sockets of an edge, so it is
 * parsed once and then only compared: a generator that parsed it for each of 100,000 sockets would measure its own JSON.
 */
import { isMessage, type Message, numberIn } from '../../sockets/read-message.ts';
import type { HeadSeen } from './notes.ts';

export interface HeadWatch {
  /** Whether these bytes are a head frame, and then noted for the socket. */
  saw(socket: number, bytes: Buffer, from: number, to: number): boolean;
  /** A head frame that was read as another message. */
  note(socket: number, message: Message, bytes: Buffer): void;
  seen(): readonly HeadSeen[];
}

const LANE = 'main';
const MOST_HEADS = 10_000;

export function createHeadWatch(nowMs: () => number): HeadWatch {
  // Arrays rather than maps: this is done for each socket and each move, and looking up cost a tenth of the generator.
  const known: number[] = [];
  const heads: number[] = [];
  const arrivals: number[][] = [];
  let lastBytes: Buffer = Buffer.alloc(0);
  let lastHead = 0;

  function reached(socket: number, head: number): void {
    const before = known[socket] ?? 0;
    if (head <= before) return;
    known[socket] = head;
    if (heads.at(-1) !== head && !heads.includes(head) && heads.length < MOST_HEADS) {
      arrivals.push([]);
      heads.push(head);
    }
    const atMs = nowMs();
    // Whoever is told of a later move knows of the earlier ones too.
    for (let at = heads.length - 1; at >= 0; at -= 1) {
      const one = heads[at] ?? 0;
      if (one <= before) break;
      if (one <= head) arrivals[at]?.push(atMs);
    }
  }

  return {
    saw(socket, bytes, from, to) {
      if (to - from !== lastBytes.length || bytes.compare(lastBytes, 0, lastBytes.length, from, to) !== 0) return false;
      if (lastBytes.length === 0) return false;
      reached(socket, lastHead);
      return true;
    },
    note(socket, message, bytes) {
      const head = headOf(message);
      if (head === undefined) return;
      lastBytes = Buffer.from(bytes);
      lastHead = head;
      reached(socket, head);
    },
    seen: () => heads.map((head, at) => ({ head, atMs: arrivals[at] ?? [] })),
  };
}

/** The head of the only lane of the bench's drop: `lanes.main.head`, or `head` of a line without lanes. */
function headOf(message: Message): number | undefined {
  const lanes = message['lanes'];
  const lane = isMessage(lanes) ? lanes[LANE] : undefined;
  return numberIn(isMessage(lane) ? lane : message, 'head');
}
