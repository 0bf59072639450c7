/**
 * The bare edge: the same sockets, the same JSON, the same micro-batches, and nothing else. No token, no line, no limit,
 * no check of a message, no metrics. What it decides in a second is what the product's edge is measured against.
 */
import { App, us_socket_local_port, type WebSocket } from 'uWebSockets.js';
import { joinCrew } from '../../crew/member.ts';
import { numberIn, readMessage, textIn } from '../../sockets/read-message.ts';
import type { BareOrder, BareReport } from './notes.ts';
import { openBareSeller } from './seller.ts';

interface Open {
  open: boolean;
}

const PASS_MS = 3_600_000;
const PRICE = 4_900;

joinCrew<BareOrder, BareReport>(async ({ next, report }) => {
  const order = await next();
  if (order.t !== 'serve') return;
  const seller = order.how === 'sale' ? await openBareSeller(order) : undefined;

  function claim(socket: WebSocket<Open>, key: string, sku: string, qty: number): void {
    const refuse = (): void => say(socket, { t: 'refused', code: 'SOLD_OUT', key, retryAfterMs: 1_000 });
    if (seller === undefined) {
      refuse();
      return;
    }
    seller.sell(({ won, claimId, holdUntilMs }) => {
      const amount = PRICE * qty;
      if (won) say(socket, { t: 'claimed', key, claimId, sku, qty, amount, currency: 'EUR', holdUntil: holdUntilMs });
      else refuse();
    });
  }

  const app = App();
  app.ws<Open>('/v1/drops/:dropId/line', {
    upgrade(response, request, context) {
      response.upgrade<Open>(
        { open: true },
        request.getHeader('sec-websocket-key'),
        request.getHeader('sec-websocket-protocol'),
        request.getHeader('sec-websocket-extensions'),
        context,
      );
    },
    message(socket, frame) {
      const message = readMessage(Buffer.from(frame).toString());
      if (message['t'] === 'join') say(socket, { t: 'admitted', pass: 'bare', expiresAt: Date.now() + PASS_MS });
      else claim(socket, textIn(message, 'key'), textIn(message, 'sku'), numberIn(message, 'qty') ?? 1);
    },
    close(socket) {
      socket.getUserData().open = false;
    },
  });
  app.listen('127.0.0.1', 0, (socket) => {
    if (socket === false) throw new Error('The bare edge has no port.');
    report({ t: 'listening', port: us_socket_local_port(socket) });
  });
});

function say(socket: WebSocket<Open>, message: object): void {
  if (socket.getUserData().open) socket.send(JSON.stringify(message));
}
