/** Throws a number of hostile frames at an edge, many sockets at once, and compares what came of each with what had to. */
import { CLOSE } from '../../../contracts/close-codes.ts';
import { frameThatEnds, frameThatStays, type HostileFrame } from './frames.ts';
import { runSocket, type SocketOutcome, type SocketScript, type Target } from './hostile-socket.ts';
import { createRandom, type Random } from './random.ts';

export interface AttackOrder {
  readonly target: Target;
  /** Access tokens that are good. */
  readonly tokens: readonly string[];
  readonly frames: number;
  readonly seed: number;
  readonly socketsAtOnce: number;
  /** Told after each further twentieth. */
  onProgress?(frames: number): Promise<void>;
}

export interface AttackReport {
  readonly frames: number;
  readonly sockets: number;
  readonly byKind: Readonly<Record<string, number>>;
  /** How many sockets ended with which close code. */
  readonly ends: Readonly<Record<string, number>>;
  /** Of the frames, how many the edge has to have counted, at the least and at the most. */
  readonly countable: readonly [number, number];
  /** Closes with a code of ours that had to be counted by the edge. */
  readonly closesByEdge: number;
  readonly pongs: number;
  /** What was not as it had to be; the first few are told. */
  readonly wrong: number;
  readonly examples: readonly string[];
}

const MOST_EXAMPLES = 10;
const MOST_FRAMES_BEFORE_END = 24;
const ENDING_SHARE = 0.85;
const POLITE_SHARE = 0.8;
const IN_ONE_PIECE_SHARE = 0.7;
/** What an edge keeps of a socket that does not wait for its welcome; beyond it the socket is told to slow down. */
const EARLY = 4;

interface Planned {
  readonly frames: readonly HostileFrame[];
  readonly script: SocketScript;
}

export async function attack(order: AttackOrder): Promise<AttackReport> {
  const random = createRandom(order.seed);
  const tally = { frames: 0, sockets: 0, pongs: 0, wrong: 0, closesByEdge: 0 };
  const byKind: Record<string, number> = {};
  const ends: Record<string, number> = {};
  const examples: string[] = [];
  const countable: [number, number] = [0, 0];
  let nextReport = order.frames / 20;

  function note({ kind, broken, perhapsBroken }: HostileFrame): void {
    byKind[kind] = (byKind[kind] ?? 0) + 1;
    if (broken === true) return;
    countable[0] += perhapsBroken === true ? 0 : 1;
    countable[1] += 1;
  }

  async function one(): Promise<void> {
    const { frames, script } = plan(random, order.tokens);
    tally.frames += frames.length;
    tally.sockets += 1;
    frames.forEach(note);
    const outcome = await runSocket(order.target, script);
    ends[outcome.code] = (ends[outcome.code] ?? 0) + 1;
    if (typeof outcome.code === 'number' && outcome.code >= 4_000) tally.closesByEdge += 1;
    tally.pongs += outcome.pongs;
    const problem = problemOf(frames, script, outcome);
    if (problem === undefined) return;
    tally.wrong += 1;
    if (examples.length < MOST_EXAMPLES) examples.push(`${problem}: ${frames.map(({ kind }) => kind).join(', ')}`);
  }

  async function thrower(): Promise<void> {
    while (tally.frames < order.frames) {
      await one();
      if (tally.frames < nextReport) continue;
      nextReport += order.frames / 20;
      await order.onProgress?.(tally.frames);
    }
  }

  await Promise.all(Array.from({ length: order.socketsAtOnce }, thrower));
  return { ...tally, countable, byKind, ends, examples };
}

function plan(random: Random, tokens: readonly string[]): Planned {
  const polite = random.fraction() < POLITE_SHARE;
  const edgeEnds = random.fraction() < ENDING_SHARE;
  const most = polite ? MOST_FRAMES_BEFORE_END : EARLY - 1;
  const frames = Array.from({ length: random.below(most + 1) }, () => frameThatStays(random, tokens));
  if (edgeEnds) frames.push(lastFrame(random, tokens, frames));
  // Without a frame to be answered nobody would know when it is over.
  else frames.push({ kind: 'ping', bytes: pingBytes(random, tokens), pong: true });
  const pongs = frames.filter(({ pong }) => pong === true).length;
  return { frames, script: { pieces: inPieces(random, frames), polite, edgeEnds, pongs } };
}

/** While a join is under way the edge leaves a second one alone, so a forged one after it ends nothing. */
function lastFrame(random: Random, tokens: readonly string[], before: readonly HostileFrame[]): HostileFrame {
  const joins = before.some(({ kind }) => kind === 'join');
  for (;;) {
    const frame = frameThatEnds(random, tokens);
    if (!joins || frame.kind !== 'forged token') return frame;
  }
}

function pingBytes(random: Random, tokens: readonly string[]): Buffer {
  for (;;) {
    const frame = frameThatStays(random, tokens);
    if (frame.kind === 'ping') return frame.bytes;
  }
}

function inPieces(random: Random, frames: readonly HostileFrame[]): Buffer[] {
  const whole = Buffer.concat(frames.map(({ bytes }) => bytes));
  if (random.fraction() < IN_ONE_PIECE_SHARE) return [whole];
  const pieces: Buffer[] = [];
  for (let at = 0; at < whole.length; ) {
    const to = at + 1 + random.below(Math.max(1, Math.ceil(whole.length / 3)));
    pieces.push(whole.subarray(at, to));
    at = to;
  }
  return pieces;
}

function problemOf(frames: readonly HostileFrame[], script: SocketScript, outcome: SocketOutcome): string | undefined {
  const { code, pongs } = outcome;
  const last = frames.at(-1);
  const expected = script.edgeEnds ? (last?.closes ?? []) : ['left'];
  // Who does not wait for the welcome may also be told to slow down.
  const mayBeLimited = !script.polite && code === CLOSE.RATE_LIMITED;
  if (mayBeLimited) return undefined;
  if (!expected.some((one) => one === code)) return `ended with ${code} instead of ${expected.join(' or ')}`;
  // A stream that breaks may take its answers with it; where the edge closes in order, none is missing.
  const isOrderly = last?.broken !== true && code !== 1006;
  if (script.polite && isOrderly && pongs !== script.pongs) return `${pongs} pongs for ${script.pongs} pings`;
  return undefined;
}
