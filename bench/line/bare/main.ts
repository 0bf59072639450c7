/** The bare waiting room: holds sockets, answers a join with a number, publishes a frame. No token, no Redis, no line. */
import { App, us_socket_local_port } from 'uWebSockets.js';
import { joinCrew } from '../../crew/member.ts';
import { readMessage } from '../../sockets/read-message.ts';
import type { BareLineOrder, BareLineReport } from './notes.ts';

const TOPIC = 'head';

joinCrew<BareLineOrder, BareLineReport>(async ({ next, report }) => {
  const first = await next();
  if (first.t !== 'serve') throw new Error('A server serves first.');
  const { firstPlace } = first;
  let place = firstPlace;
  const app = App();
  app.ws('/v1/drops/:dropId/line', {
    open(socket) {
      socket.subscribe(TOPIC);
    },
    message(socket, frame) {
      if (readMessage(Buffer.from(frame).toString())['t'] !== 'join') return;
      place += 1;
      socket.send(JSON.stringify({ t: 'ticket', ticket: 'bare', lane: 'main', position: place }));
    },
  });
  app.listen('127.0.0.1', 0, (socket) => {
    if (socket === false) throw new Error('The bare waiting room has no port.');
    report({ t: 'listening', port: us_socket_local_port(socket) });
  });
  for (;;) {
    const order = await next();
    if (order.t !== 'move') continue;
    const lanes = { main: { head: order.head, waiting: place - firstPlace } };
    app.publish(TOPIC, JSON.stringify({ t: 'head', state: 'live', lanes, perSecond: 20, stock: 1_000 }));
  }
});
