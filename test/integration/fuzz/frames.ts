/** What is thrown at an edge, each with what has to come of it. */
import { CLOSE } from '../../../contracts/close-codes.ts';
import { LIMITS } from '../../../contracts/limits.ts';
import type { Random } from './random.ts';

export interface HostileFrame {
  readonly kind: string;
  readonly bytes: Buffer;
  /** Close codes of which one has to follow; a frame without them leaves the socket open. */
  readonly closes?: readonly number[];
  /** Answered by exactly one pong. */
  readonly pong?: true;
  /** The edge sees nothing but a broken stream, so nothing of ours can count it. */
  readonly broken?: true;
  /** It may be one, or not: that is up to what chance made of it. */
  readonly perhapsBroken?: true;
}

/** How the library ends a stream that is no WebSocket: the connection is cut, or closed with a code of the standard. */
const CUT = [1002, 1006, 1007, 1009] as const;
const BAD = [CLOSE.BAD_MESSAGE] as const;
const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9 } as const;

export function encode(
  opcode: number,
  payload: Buffer,
  { fin = true, masked = true, claims = payload.length } = {},
): Buffer {
  const first = (fin ? 0x80 : 0) | opcode;
  const mask = masked ? 0x80 : 0;
  const header =
    claims < 126
      ? Buffer.from([first, mask | claims])
      : claims < 65_536
        ? Buffer.from([first, mask | 126, claims >> 8, claims & 0xff])
        : longHeader(first, mask, claims);
  // A mask of zeros is a mask: what it does not change needs no work here.
  return Buffer.concat([header, masked ? Buffer.alloc(4) : Buffer.alloc(0), payload]);
}

function longHeader(first: number, mask: number, length: number): Buffer {
  const header = Buffer.alloc(10);
  header[0] = first;
  header[1] = mask | 127;
  header.writeBigUInt64BE(BigInt(length), 2);
  return header;
}

const text = (value: string): Buffer => encode(OPCODE.text, Buffer.from(value));
const json = (value: unknown): Buffer => text(JSON.stringify(value));

const VALID = {
  join: { t: 'join', token: 'a.b.c', nonce: 'n' },
  claim: { t: 'claim', key: 'k', sku: 'SNEAKER-42', qty: 1 },
  ping: { t: 'ping' },
} as const;

const WRONG_VALUES = [null, true, -1, 1e308, 0.5, '', 'x'.repeat(3_000), [], {}, [[[[]]]], '\u0000', '\ud800'] as const;

type Maker = (random: Random, tokens: readonly string[]) => HostileFrame;

/** After these the socket is still there. */
const LEAVING_OPEN: readonly [Maker, ...Maker[]] = [
  () => ({ kind: 'ping', bytes: json(VALID.ping), pong: true }),
  () => ({ kind: 'ping', bytes: json(VALID.ping), pong: true }),
  (random) => ({ kind: 'claim of who has not joined', bytes: json({ ...VALID.claim, key: `k${random.below(1e6)}` }) }),
  () => ({ kind: 'leave of who has not joined', bytes: json({ t: 'leave' }) }),
  (random, tokens) => ({
    kind: 'join',
    bytes: json({ ...VALID.join, token: tokens[random.below(tokens.length)] ?? '' }),
  }),
  (random) => ({ kind: 'ping of the protocol', bytes: encode(OPCODE.ping, random.bytes(random.below(126))) }),
  () => ({
    kind: 'message in two frames',
    bytes: Buffer.concat([
      encode(OPCODE.text, Buffer.from('{"t":'), { fin: false }),
      encode(OPCODE.continuation, Buffer.from('"ping"}')),
    ]),
    pong: true,
  }),
];

const CLOSING: readonly [Maker, ...Maker[]] = [
  (random) => ({
    kind: 'random bytes',
    bytes: encode(OPCODE.text, random.bytes(1 + random.below(300))),
    closes: [...BAD, ...CUT],
    perhapsBroken: true,
  }),
  (random) => ({ kind: 'binary', bytes: encode(OPCODE.binary, random.bytes(random.below(300))), closes: BAD }),
  (random) => ({ kind: 'truncated', bytes: text(truncated(random)), closes: BAD }),
  (random) => ({ kind: 'wrong type', bytes: json(wrongType(random)), closes: BAD }),
  (random) => ({ kind: 'missing field', bytes: json(missingField(random)), closes: BAD }),
  (random) => ({
    kind: 'unknown message',
    bytes: json({ t: random.pick(['', 'admitted', 'JOIN', '__proto__', 'x']) }),
    closes: BAD,
  }),
  () => ({ kind: 'field too many', bytes: text('{"t":"ping","__proto__":{"t":"join"},"constructor":1}'), closes: BAD }),
  (random) => ({
    kind: 'no object',
    bytes: json(random.pick<unknown>([1, 'ping', null, [], [VALID.ping], true])),
    closes: BAD,
  }),
  (random) => ({ kind: 'deep', bytes: text('['.repeat(1 + random.below(LIMITS.socketFrameBytes - 1))), closes: BAD }),
  () => ({ kind: 'empty', bytes: text(''), closes: BAD }),
  (random) => ({
    kind: 'too large',
    bytes: text('x'.repeat(LIMITS.socketFrameBytes + 1 + random.below(LIMITS.socketFrameBytes))),
    closes: [CLOSE.TOO_LARGE],
  }),
  (random) => ({
    kind: 'forged token',
    bytes: json({ ...VALID.join, token: forged(random) }),
    closes: [CLOSE.UNAUTHENTICATED],
  }),
  (random) => ({
    kind: 'far too large',
    bytes: text('x'.repeat(20_000 + random.below(80_000))),
    closes: CUT,
    broken: true,
  }),
  () => ({
    kind: 'length of exabytes',
    bytes: encode(OPCODE.text, Buffer.from('x'), { claims: 2 ** 52 }),
    closes: CUT,
    broken: true,
  }),
  (random) => ({
    kind: 'reserved opcode',
    bytes: encode(3 + random.below(5), Buffer.from('x')),
    closes: CUT,
    broken: true,
  }),
  () => ({ kind: 'reserved bit', bytes: reserved(json(VALID.ping)), closes: CUT, broken: true }),
  () => ({ kind: 'control frame too long', bytes: encode(OPCODE.ping, Buffer.alloc(200)), closes: CUT, broken: true }),
  () => ({
    kind: 'continuation of nothing',
    bytes: encode(OPCODE.continuation, Buffer.from('x')),
    closes: CUT,
    broken: true,
  }),
];

export function frameThatStays(random: Random, tokens: readonly string[]): HostileFrame {
  return random.pick(LEAVING_OPEN)(random, tokens);
}

export function frameThatEnds(random: Random, tokens: readonly string[]): HostileFrame {
  return random.pick(CLOSING)(random, tokens);
}

/** How many kinds there are, so that a run can tell whether it threw all of them. */
export const KINDS = LEAVING_OPEN.length + CLOSING.length - 1;

function truncated(random: Random): string {
  const whole = JSON.stringify(random.pick<unknown>([VALID.join, VALID.claim, VALID.ping]));
  return whole.slice(0, 1 + random.below(whole.length - 1));
}

function wrongType(random: Random): unknown {
  const message = random.pick<Readonly<Record<string, unknown>>>([VALID.join, VALID.claim]);
  const fields = Object.keys(message);
  const field = fields[random.below(fields.length)] ?? 't';
  // A long or strange text is no wrong type for a token or a nonce: those two take almost any.
  const values = WRONG_VALUES.filter((value) => typeof value !== 'string' || value === '');
  return { ...message, [field]: values[random.below(values.length)] };
}

function missingField(random: Random): unknown {
  const message = random.pick<Readonly<Record<string, unknown>>>([VALID.join, VALID.claim]);
  const fields = Object.keys(message);
  const gone = fields[random.below(fields.length)];
  return Object.fromEntries(Object.entries(message).filter(([field]) => field !== gone));
}

function forged(random: Random): string {
  const part = (): string => random.bytes(1 + random.below(90)).toString('base64url');
  return random.pick([`${part()}.${part()}.${part()}`, part(), '..', `eyJhbGciOiJub25lIn0.${part()}.`]);
}

function reserved(frame: Buffer): Buffer {
  frame[0] = (frame[0] ?? 0) | 0x40;
  return frame;
}
