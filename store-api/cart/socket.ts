/**
 * `GET /cart/socket`: the cart as it is, and again whenever it changes on any device. The token comes in the first message,
 * not in the address, which ends up in logs; it has to be shown again before the time is over.
 */
import websocket from '@fastify/websocket';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { CLOSE, type CloseCode } from '../../contracts/close-codes.ts';
import { INTERVALS, LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { EVERYBODY } from '../plugins/access.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import type { Owner } from './cart-store.ts';
import type { Carts } from './carts.ts';
import { type CartHub, createCartHub, type DeviceSocket } from './hub.ts';

const exact = { additionalProperties: false } as const;
const FromDevice = Compile(
  Type.Union([
    Type.Object(
      { t: Type.Literal('hello'), token: Type.String({ minLength: 1, maxLength: LIMITS.accessTokenChars }) },
      exact,
    ),
    Type.Object({ t: Type.Literal('ping') }, exact),
  ]),
);

export function cartSocket(app: StoreApp, services: StoreServices, carts: Carts): void {
  const hub = createCartHub({ services, carts, log: app.log });
  let sockets = 0;
  app.addHook('onReady', async () => hub.start());
  // Before the plugin's own, which would end sockets without saying that they may come back.
  app.addHook('preClose', async () => hub.close());
  void app.register((scope: StoreApp, _options, done) => {
    void scope.register(websocket, { options: { maxPayload: LIMITS.socketFrameBytes } });
    void scope.after(() => {
      const config = { access: EVERYBODY };
      scope.get('/cart/socket', { websocket: true, config, schema: { hide: true } }, accept);
    });
    done();
  });

  function accept(socket: DeviceSocket): void {
    sockets += 1;
    socket.once('close', () => {
      sockets -= 1;
    });
    if (sockets > LIMITS.cartSockets) socket.close(CLOSE.BUSY);
    else converse(socket, services, hub);
  }
}

function converse(socket: DeviceSocket, services: StoreServices, hub: CartHub): void {
  const { clock, accessTokens } = services;
  let owner: Owner | undefined;
  let isAlive = true;
  let tokens: number = LIMITS.cartSocketMessages.capacity;
  let countedAtMs = clock.now();
  /** One message after the other: a second hello does not overtake the first. */
  let work: Promise<void> = Promise.resolve();
  let deadline = setTimeout(() => socket.close(CLOSE.UNAUTHENTICATED), INTERVALS.cartHelloMs);
  const heartbeat = setInterval(beat, INTERVALS.cartHeartbeatMs);

  function beat(): void {
    if (isAlive) socket.ping();
    else socket.terminate();
    isAlive = false;
  }

  function isTooMuch(): boolean {
    const { capacity, refillPerSecond } = LIMITS.cartSocketMessages;
    const nowMs = clock.now();
    tokens = Math.min(capacity, tokens + ((nowMs - countedAtMs) / 1_000) * refillPerSecond) - 1;
    countedAtMs = nowMs;
    return tokens < 0;
  }

  /** Whom the token is of; a socket stays with whom it began. */
  async function hello(token: string): Promise<CloseCode | undefined> {
    const identity = await accessTokens.verify(token);
    if (identity === undefined || (owner !== undefined && owner.userId !== identity.userId))
      return CLOSE.UNAUTHENTICATED;
    if (socket.readyState !== socket.OPEN) return undefined;
    clearTimeout(deadline);
    deadline = setTimeout(() => socket.close(CLOSE.UNAUTHENTICATED), LIFETIMES.cartSocketMs);
    if (owner !== undefined) return undefined;
    const newcomer: Owner = { kind: identity.kind, userId: identity.userId };
    if (!hub.join(newcomer, socket)) return CLOSE.BUSY;
    owner = newcomer;
    hub.refresh(newcomer);
    return undefined;
  }

  async function handle(text: string): Promise<void> {
    const message = read(text);
    const code = await answer(message);
    if (code !== undefined) socket.close(code);
  }

  async function answer(message: ReturnType<typeof read>): Promise<CloseCode | undefined> {
    if (message === undefined) return CLOSE.BAD_MESSAGE;
    if (message.t === 'hello') return await hello(message.token);
    if (owner === undefined) return CLOSE.UNAUTHENTICATED;
    socket.send('{"t":"pong"}');
    return undefined;
  }

  socket.on('pong', () => {
    isAlive = true;
  });
  socket.on('message', (data: unknown, isBinary: unknown) => {
    isAlive = true;
    if (isTooMuch()) return socket.close(CLOSE.RATE_LIMITED);
    const text = isBinary === true || !Buffer.isBuffer(data) ? '' : data.toString('utf8');
    work = work.then(() => handle(text)).catch(() => socket.close(CLOSE.INTERNAL));
  });
  // What is wrong with a connection ends it; the close that follows cleans up.
  socket.on('error', () => undefined);
  socket.once('close', () => {
    clearTimeout(deadline);
    clearInterval(heartbeat);
    if (owner !== undefined) hub.leave(owner, socket);
  });
}

function read(text: string) {
  try {
    const value: unknown = JSON.parse(text);
    return FromDevice.Check(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
