/** One visitor: comes, is told when the turn will be, waits for it, and then buys, dawdles, or has left long ago. */
import { SKU } from '../../core/sale-data.ts';
import { addressOf, type LineSocket, openLineSocket } from '../../sockets/line-socket.ts';
import { type Message, numberIn, readMessage, textIn } from '../../sockets/read-message.ts';
import type { Visit, Wait } from './notes.ts';

export interface VisitorPlan {
  readonly at: number;
  readonly token: string;
  readonly thinkMs: number;
  readonly buys: boolean;
  /** Leaves this long after joining, unless admitted before. */
  readonly leaveAfterMs: number | undefined;
}

export interface Visitor {
  readonly wait: Wait;
  /** Admitted, or has left. */
  readonly over: Promise<void>;
}

interface Told {
  readonly atMs: number;
  readonly lowMs: number;
  readonly highMs: number;
}

export async function openVisitor(
  visit: Visit,
  plan: VisitorPlan,
  events: { refused(code: string): void; lost(): void },
): Promise<Visitor> {
  const over = Promise.withResolvers<void>();
  let [place, jumps, left] = [0, 0, false];
  let [first, last]: [Told | undefined, Told | undefined] = [undefined, undefined];
  let [admittedAtMs, calledAtMs]: [number | null, number | null] = [null, null];

  function told(message: Message): void {
    const eta = etaIn(message);
    if (eta === undefined) return;
    if (last !== undefined) {
      const width = last.highMs - last.lowMs;
      if (eta.atMs + eta.highMs > last.atMs + last.highMs + width) jumps += 1;
    }
    first ??= eta;
    last = eta;
  }

  function admitted(expiresAtMs: number): void {
    // The call was on its way when they left; or it is told a second time.
    if (left || admittedAtMs !== null) return;
    admittedAtMs = Date.now();
    calledAtMs = expiresAtMs - visit.passMs;
    over.resolve();
    if (plan.buys) setTimeout(buy, plan.thinkMs);
  }

  function buy(): void {
    line.send(JSON.stringify({ t: 'claim', key: `v${visit.generator}-${plan.at}`, sku: SKU, qty: 1 }));
  }

  function leave(): void {
    if (admittedAtMs !== null) return;
    left = true;
    line.send('{"t":"leave"}');
    over.resolve();
  }

  function heard(message: Message): void {
    switch (message['t']) {
      case 'ticket':
        place = numberIn(message, 'position') ?? place;
        break;
      case 'line':
        told(message);
        break;
      case 'admitted':
        admitted(numberIn(message, 'expiresAt') ?? 0);
        break;
      case 'claimed':
        line.send('{"t":"leave"}');
        break;
      case 'refused':
        events.refused(textIn(message, 'code'));
    }
  }

  const line: LineSocket = await openLineSocket({
    host: '127.0.0.1',
    port: visit.ports[plan.at % visit.ports.length] ?? 0,
    path: `/v1/drops/${visit.dropId}/line?region=${visit.region}`,
    localAddress: addressOf(visit.generator, plan.at),
    onText: (bytes, from, to) => heard(readMessage(bytes.toString('utf8', from, to))),
    onClosed: () => {
      events.lost();
      over.resolve();
    },
  });
  line.send(JSON.stringify({ t: 'join', token: plan.token, nonce: `n${plan.at}` }));
  if (plan.leaveAfterMs !== undefined) setTimeout(leave, plan.leaveAfterMs);
  return {
    get wait() {
      const { atMs: toldAtMs, lowMs, highMs } = first ?? { atMs: Date.now(), lowMs: 0, highMs: 0 };
      return { place, toldAtMs, lowMs, highMs, admittedAtMs, calledAtMs, left, jumps };
    },
    over: over.promise,
  };
}

function etaIn(message: Message): Told | undefined {
  const eta = message['etaMs'];
  if (!Array.isArray(eta)) return undefined;
  const [lowMs, highMs]: unknown[] = eta;
  return typeof lowMs === 'number' && typeof highMs === 'number' ? { atMs: Date.now(), lowMs, highMs } : undefined;
}
