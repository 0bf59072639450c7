/** Keeps one connection to one of the edges: opens it, watches it, and comes back after it was lost. */
import type { ErrorCode } from '../errors.ts';
import type { EdgeMessage } from '../line/messages.ts';
import { createAlarm } from './alarm.ts';
import { decodeFrame } from './decode.ts';
import { PING_FRAME } from './frames.ts';
import type { Patience } from './options.ts';
import { afterClose, delayOf } from './reconnect.ts';
import { type Connection, connect, type MakeSocket } from './socket.ts';
import type { ClosedWhy } from './state.ts';
import { createWatchdog } from './watchdog.ts';

export interface LinkOptions {
  readonly urls: readonly string[];
  readonly makeSocket: MakeSocket;
  readonly patience: Patience;
  readonly now: () => number;
  readonly random: () => number;
  connecting(): void;
  heard(message: EdgeMessage): void;
  away(closeCode: number, retryAtMs: number): void;
  stopped(why: ClosedWhy): void;
  problem(what: string): void;
}

export interface Link {
  /** The last token was refused. */
  readonly renewToken: boolean;
  start(): void;
  say(frame: string): void;
  /** The edge has taken us: the connection counts as made, and the token as good. */
  welcomed(): void;
  joined(): void;
  /** This connection is of no use: another one is made, as after a close with this code. */
  leaveIt(closeCode: number): void;
  stop(): void;
}

/** The code of RFC 6455 that no frame carries: for what only this end noticed. */
export const LOST = 1006;

export function createLink(options: LinkOptions): Link {
  const { urls, makeSocket, patience, now, random } = options;
  const step = createAlarm();
  const watchdog = createWatchdog({
    ...{ now, quietMs: patience.quietMs, sayMs: patience.sayMs, pongMs: patience.pongMs },
    ping: () => say(PING_FRAME),
    dead: () => leaveIt(LOST),
  });
  // Anywhere in the list to begin with, so that a crowd spreads.
  let urlAt = Math.floor(random() * urls.length);
  let connection: Connection | undefined;
  let failures = 0;
  let startedAtMs = 0;
  let renewToken = false;
  /** What the edge refused just before it closed. */
  let refusal: { readonly code: ErrorCode; readonly retryAfterMs: number } | undefined;

  function start(): void {
    options.connecting();
    refusal = undefined;
    startedAtMs = now();
    step.set(patience.connectMs, () => leaveIt(LOST));
    connection = connect(makeSocket, urls[urlAt % urls.length] ?? '', { heard, closed });
  }

  function heard(data: unknown): void {
    watchdog.heard();
    const frame = decodeFrame(data);
    if (!frame.ok) {
      options.problem(`a frame was left aside: ${frame.reason}`);
      return;
    }
    const { message } = frame;
    if (message.t === 'refused' && message.key === undefined) {
      refusal = { code: message.code, retryAfterMs: message.retryAfterMs ?? 0 };
    }
    options.heard(message);
  }

  function closed(closeCode: number): void {
    connection = undefined;
    watchdog.stop();
    if (now() - startedAtMs >= patience.stableMs) failures = 0;
    failures += 1;
    const { code, retryAfterMs = 0 } = refusal ?? {};
    const after = afterClose({ code: closeCode, failures, retryAfterMs, renewed: renewToken }, patience.backoff);
    if (after.next === 'stop' || failures >= patience.failures) {
      step.clear();
      options.stopped(after.next === 'stop' ? { by: 'edge', closeCode, code } : { by: 'failures', closeCode });
      return;
    }
    renewToken = after.renewToken;
    urlAt += 1;
    const delayMs = delayOf(after, random);
    step.set(delayMs, start);
    options.away(closeCode, now() + delayMs);
  }

  function leaveIt(closeCode: number): void {
    if (connection === undefined) return;
    connection.abandon();
    closed(closeCode);
  }

  function say(frame: string): void {
    watchdog.said();
    connection?.send(frame);
  }

  return {
    get renewToken() {
      return renewToken;
    },
    start,
    say,
    welcomed() {
      step.clear();
      watchdog.start();
    },
    joined() {
      renewToken = false;
    },
    leaveIt,
    stop() {
      step.clear();
      watchdog.stop();
      connection?.abandon();
      connection = undefined;
    },
  };
}
