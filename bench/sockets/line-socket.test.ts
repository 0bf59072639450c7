import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addressOf, openLineSocket } from './line-socket.ts';

let server: Server;
let port = 0;
let answer = (_key: string): string => '';
const peers: Socket[] = [];

beforeEach(async () => {
  peers.length = 0;
  server = createServer((socket) => {
    peers.push(socket);
    socket.on('error', () => undefined);
    socket.once('data', (head) => {
      const key = /Sec-WebSocket-Key: (?<key>\S+)/.exec(head.toString())?.groups?.['key'] ?? '';
      socket.write(answer(key), 'latin1');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterEach(async () => {
  for (const peer of peers) peer.destroy();
  server.close();
  await once(server, 'close');
});

async function accepted(key: string): Promise<string> {
  const bytes = new TextEncoder().encode(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
  return Buffer.from(await crypto.subtle.digest('SHA-1', bytes)).toString('base64');
}

async function open(localAddress?: string) {
  const texts: string[] = [];
  const closed = Promise.withResolvers<number>();
  const line = await openLineSocket({
    host: '127.0.0.1',
    port,
    path: '/v1/drops/x/line',
    ...(localAddress === undefined ? {} : { localAddress }),
    onText: (bytes, from, to) => texts.push(bytes.toString('utf8', from, to)),
    onClosed: closed.resolve,
  });
  return { line, texts, closed: closed.promise };
}

/** The key is the same for all sockets of a process, so a first try tells what the answer has to be. */
async function agree(more = ''): Promise<void> {
  const key = Promise.withResolvers<string>();
  answer = (asked) => {
    key.resolve(asked);
    return 'HTTP/1.1 400 Bad Request\r\n\r\n';
  };
  await expect(open()).rejects.toThrow('400');
  const accept = await accepted(await key.promise);
  answer = () => `HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n${more}`;
}

it('comes from the address it was given, and hears what followed the handshake at once', async () => {
  await agree('\x81\x02hi\x81\x03you');
  const address = addressOf(3, 258);
  expect(address).toBe('127.19.1.2');
  const { line, texts } = await open(address);
  expect(peers.at(-1)?.remoteAddress).toBe(address);
  expect(texts).toEqual(['hi', 'you']);
  line.close();
});

it('answers pings, and tells the code it was closed with', async () => {
  await agree();
  const { closed } = await open();
  const peer = peers.at(-1);
  if (peer === undefined) throw new Error('nobody came');
  const pong = once(peer, 'data');
  peer.write(Buffer.from([0x89, 0x01, 0x61]));
  const [frame]: Buffer[] = await pong;
  expect(frame?.[0]).toBe(0x8a);
  peer.write(Buffer.from([0x88, 0x02, 0x0f, 0xa0]));
  expect(await closed).toBe(4_000);
});

it('tells that it broke when nobody said goodbye', async () => {
  await agree();
  const { closed } = await open();
  peers.at(-1)?.destroy();
  expect(await closed).toBe(1_006);
});

it('does not open where the other side speaks something else, or nobody is', async () => {
  answer = () => 'HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: wrong\r\n\r\n';
  await expect(open()).rejects.toThrow('101');
  answer = () => 'SSH-2.0\r\n\r\n';
  await expect(open()).rejects.toThrow('SSH-2.0');
  const taken = port;
  port = 1;
  await expect(open()).rejects.toThrow('ECONNREFUSED');
  port = taken;
});
