import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeShopperFrame, encodeMessage } from '../line/codec.ts';
import type { EdgeMessage, ShopperMessage } from '../line/messages.ts';
import { openLineClient } from './line-client.ts';
import { createMemory } from './memory.ts';
import type { LineClientOptions } from './options.ts';
import type { SocketLike } from './socket.ts';

const DROP_ID = '017f22e2-79b0-7cc3-98c4-dc0c0c07398f';

type Listener = (event: { readonly data: unknown; readonly code: number }) => void;

/** The other end of a client, played by the test: for what a real edge does seldom, or never should. */
class PlayedSocket implements SocketLike {
  readonly url: string;
  readonly said: ShopperMessage[] = [];
  readonly #listeners: { readonly kind: string; readonly listener: Listener }[] = [];
  closedBy: 'us' | 'edge' | undefined;

  constructor(url: string) {
    this.url = url;
  }

  addEventListener(kind: string, listener: Listener): void {
    this.#listeners.push({ kind, listener });
  }

  send(text: string): void {
    const decoded = decodeShopperFrame(new TextEncoder().encode(text).buffer, false);
    if (!decoded.ok) throw new Error(`no frame of a shopper: ${text}`);
    this.said.push(decoded.message);
  }

  close(): void {
    this.closedBy ??= 'us';
  }

  opens(): void {
    this.#happens('open');
  }

  tells(...messages: EdgeMessage[]): void {
    for (const message of messages) this.tellsRaw(encodeMessage(message));
  }

  tellsRaw(data: unknown): void {
    this.#happens('message', { data });
  }

  closes(code: number): void {
    this.closedBy = 'edge';
    this.#happens('close', { code });
  }

  #happens(kind: string, event: { data?: unknown; code?: number } = {}): void {
    for (const one of this.#listeners) if (one.kind === kind) one.listener({ data: undefined, code: 0, ...event });
  }
}

const welcome = (challenge?: string): EdgeMessage => ({
  t: 'welcome',
  drop: {
    ...{ id: DROP_ID, title: 'Sneaker drop', state: 'live', startsAt: 0, endsAt: 1 },
    skus: [{ sku: 'S', title: 'S', price: 1, currency: 'EUR' }],
    commit: null,
  },
  ...(challenge === undefined ? {} : { challenge }),
});
const ticket: EdgeMessage = {
  ...{ t: 'ticket', ticket: 'T', entrant: '0123456789abcdef0123456789abcdef' },
  ...{ lane: 'gold', region: 'eu', position: 10 },
};
const line: EdgeMessage = { t: 'line', state: 'live', ahead: 9, etaMs: [900, 2_000], odds: 0.5, stock: 10 };
const admitted: EdgeMessage = { t: 'admitted', pass: 'P', expiresAt: 60_000 };
const head = (gold: number): EdgeMessage => ({
  ...{ t: 'head', state: 'live', perSecond: 1, stock: 8 },
  lanes: { main: { head: 900, waiting: 5 }, gold: { head: gold, waiting: 50 } },
});

let sockets: PlayedSocket[];
const socket = (): PlayedSocket => {
  const last = sockets.at(-1);
  if (last === undefined) throw new Error('no socket was made');
  return last;
};

function open(options: Partial<LineClientOptions> = {}) {
  return openLineClient({
    ...{ urls: ['http://a', 'https://b/'], dropId: DROP_ID, region: 'eu' },
    token: async () => 'token',
    makeSocket(url) {
      sockets.push(new PlayedSocket(url));
      return socket();
    },
    ...{ now: () => Date.now(), random: () => 0 },
    ...options,
  });
}

/** With random at 0 a reconnect comes at once. */
const settled = () => vi.advanceTimersByTimeAsync(1);

async function opened(options: Partial<LineClientOptions> = {}, ...messages: EdgeMessage[]) {
  const client = open(options);
  socket().opens();
  socket().tells(welcome());
  await settled();
  socket().tells(...messages);
  return client;
}

beforeEach(() => {
  sockets = [];
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the connection of a client', () => {
  it('goes to another edge when one does not welcome it, and forgets the first', async () => {
    const client = open();
    const first = socket();
    expect(first.url).toBe(`ws://a/v1/drops/${DROP_ID}/line?region=eu`);
    first.opens();
    await vi.advanceTimersByTimeAsync(10_100);
    expect([first.closedBy, socket().url]).toEqual(['us', `wss://b/v1/drops/${DROP_ID}/line?region=eu`]);
    first.tells(welcome());
    expect([client.state.at, client.drop]).toEqual(['connecting', undefined]);
    client.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is made again when a join is not answered', async () => {
    const client = await opened();
    expect(client.state.at).toBe('joining');
    await vi.advanceTimersByTimeAsync(10_100);
    expect([sockets.length, client.state.at]).toEqual([2, 'connecting']);
  });

  it('is kept awake by pings, and given up when they are not answered', async () => {
    const client = await opened({}, ticket, line);
    await vi.advanceTimersByTimeAsync(27_000);
    expect(socket().said.at(-1)).toEqual({ t: 'ping' });
    socket().tells({ t: 'pong', now: 27_000 });
    await vi.advanceTimersByTimeAsync(27_000);
    expect(client.state.at).toBe('waiting');
    await vi.advanceTimersByTimeAsync(12_000);
    expect([sockets.length, client.state.at]).toEqual([2, 'connecting']);
  });

  it('bears frames that nobody understands', async () => {
    const client = await opened({}, ticket, line);
    const problems: string[] = [];
    client.on('problem', ({ what }) => problems.push(what));
    for (const data of ['{', '{"t":"confetti"}', '{"t":"line"}', new ArrayBuffer(1)]) socket().tellsRaw(data);
    expect([problems.length, client.state.at]).toEqual([4, 'waiting']);
  });

  it('ends with a code that says not to come back', async () => {
    const client = await opened();
    socket().tells({ t: 'refused', code: 'BAD_MESSAGE' });
    socket().closes(4100);
    expect(client.state).toEqual({ at: 'closed', why: { by: 'edge', closeCode: 4100, code: 'BAD_MESSAGE' } });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is made later when the edge has too much to do to welcome anybody', async () => {
    const client = open();
    socket().opens();
    socket().tells({ t: 'refused', code: 'BUSY', retryAfterMs: 3_000 });
    expect(client.state).toMatchObject({ at: 'away', retryAtMs: 3_000 });
  });
});

describe('a challenge', () => {
  const solve = async (challenge: string) => `${challenge} solved`;

  it('is solved before the first join', async () => {
    const client = open({ solve });
    socket().opens();
    socket().tells(welcome('riddle'));
    expect(client.state.at).toBe('challenged');
    await settled();
    expect(socket().said).toMatchObject([{ t: 'join', proof: 'riddle solved' }]);
  });

  it('is left aside by who has a ticket, until it is asked for', async () => {
    const memory = createMemory();
    memory.save(DROP_ID, { nonce: 'n', ticket: 'T' });
    open({ solve, memory });
    socket().opens();
    socket().tells(welcome('riddle'));
    await settled();
    socket().tells({ t: 'refused', code: 'CHALLENGE_REQUIRED', challenge: 'harder' });
    await settled();
    const join = { t: 'join', token: 'token', nonce: 'n', ticket: 'T' };
    expect(socket().said).toEqual([join, { ...join, proof: 'harder solved' }]);
  });

  it('is not solved for ever, and not without a solver', async () => {
    const client = await opened({ solve });
    for (let time = 0; time < 6; time += 1) {
      socket().tells({ t: 'refused', code: 'CHALLENGE_REQUIRED', challenge: 'again' });
      await settled();
    }
    expect(client.state).toEqual({ at: 'closed', why: { by: 'refusal', code: 'CHALLENGE_REQUIRED' } });
    const without = await opened({}, { t: 'refused', code: 'CHALLENGE_REQUIRED', challenge: 'riddle' });
    expect(without.state).toEqual({ at: 'closed', why: { by: 'refusal', code: 'CHALLENGE_REQUIRED' } });
  });
});

describe('a place', () => {
  it('is followed in its own lane', async () => {
    const client = await opened({}, ticket, line, head(4));
    const seen: number[] = [];
    client.on('view', ({ ahead }) => seen.push(ahead));
    expect(client.view).toMatchObject({ lane: 'gold', position: 10, ahead: 5, etaMs: [500, 1_200], stock: 8 });
    socket().tells(head(8), head(9));
    expect(seen).toEqual([1, 0]);
  });

  it('is asked for once, however late a token comes that an earlier connection waited for', async () => {
    const tokens = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    let asked = 0;
    await opened({ token: () => tokens[asked++]?.promise ?? Promise.reject(new Error('a third one')) });
    socket().closes(1006);
    await settled();
    socket().opens();
    socket().tells(welcome());
    for (const [at, { resolve }] of tokens.entries()) resolve(`token ${at}`);
    await settled();
    expect(socket().said).toMatchObject([{ t: 'join', token: 'token 1' }]);
  });

  it('is asked for later by who joined too often', async () => {
    const client = await opened({}, { t: 'refused', code: 'RATE_LIMITED', retryAfterMs: 2_000 });
    expect(client.state).toMatchObject({ at: 'outside', code: 'RATE_LIMITED' });
    await vi.advanceTimersByTimeAsync(2_000);
    expect([socket().said.map(({ t }) => t), sockets.length]).toEqual([['join', 'join'], 1]);
  });

  it('is asked for again when it was lost', async () => {
    const client = await opened({}, ticket, line, { t: 'refused', code: 'LINE_FULL', retryAfterMs: 500 });
    expect(client.state).toMatchObject({ at: 'outside', code: 'LINE_FULL' });
    await vi.advanceTimersByTimeAsync(500);
    expect(socket().said.map(({ t }) => t)).toEqual(['join', 'join']);
  });

  it('that comes after it was given up is given up', async () => {
    const client = await opened();
    client.leave();
    socket().tells(ticket, line);
    expect([socket().said.at(-1), client.state.at]).toEqual([{ t: 'leave' }, 'left']);
    socket().closes(1006);
    await settled();
    socket().opens();
    socket().tells(welcome());
    await settled();
    expect([socket().said, client.state.at]).toEqual([[], 'left']);
  });

  it('nobody has asked for yet is not taken', async () => {
    const client = open();
    client.leave();
    socket().opens();
    socket().tells(welcome());
    await settled();
    expect([socket().said, client.state.at]).toEqual([[], 'left']);
    client.rejoin();
    await settled();
    expect(socket().said).toMatchObject([{ t: 'join' }]);
  });
});

describe('a pass', () => {
  it('lets claims out, and again when the edge failed and did not say for which', async () => {
    const client = await opened({}, ticket, admitted);
    void client.claim({ key: 'k', sku: 'S', qty: 1 });
    socket().tells({ t: 'refused', code: 'INTERNAL', retryAfterMs: 200 });
    await vi.advanceTimersByTimeAsync(200);
    expect(socket().said.filter(({ t }) => t === 'claim')).toHaveLength(2);
  });

  it('is over when the edge says so', async () => {
    const client = await opened({}, ticket, admitted);
    const outcome = client.claim({ key: 'k', sku: 'S', qty: 1 });
    socket().tells({ t: 'refused', code: 'PASS_VOID', key: 'k' });
    expect(await outcome).toMatchObject({ code: 'PASS_VOID' });
    expect(client.state.at).toBe('passed');
  });

  it('that the edge does not know of any more is asked for again before the claim is', async () => {
    const client = await opened({}, ticket, admitted);
    void client.claim({ key: 'k', sku: 'S', qty: 1 });
    socket().closes(1006);
    await settled();
    socket().opens();
    socket().tells(welcome());
    await settled();
    socket().tells(ticket, admitted, { t: 'refused', code: 'NOT_ADMITTED', key: 'k', retryAfterMs: 100 });
    await vi.advanceTimersByTimeAsync(100);
    expect(socket().said.map(({ t }) => t)).toEqual(['join', 'claim', 'join']);
    socket().tells(admitted);
    expect(socket().said.map(({ t }) => t)).toEqual(['join', 'claim', 'join', 'claim']);
    client.close();
  });
});
