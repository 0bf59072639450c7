/** One merchant's stream of server-sent events. */
import { PassThrough } from 'node:stream';
import { INTERVALS, LIFETIMES, LIMITS } from '../../../contracts/limits.ts';
import type { LiveSnapshot } from './snapshot.ts';
import type { Watcher } from './watches.ts';

/** A client that comes back with this has seen the end. */
export const END_ID = 'end';

export interface LiveStream extends Watcher {
  readonly body: PassThrough;
  end(): void;
}

export function createStream(onClosed: () => void): LiveStream {
  const body = new PassThrough({ highWaterMark: LIMITS.liveStreamBytes });
  let isFull = false;
  body.on('drain', () => {
    isFull = false;
  });

  /** To who reads slowly the newest is told when there is room again: a snapshot says all that the one before said. */
  function write(text: string): void {
    if (isFull || body.writableEnded || body.destroyed) return;
    isFull = !body.write(text);
  }

  const heartbeat = setInterval(() => write(': still here\n\n'), INTERVALS.liveHeartbeatMs);
  // The token was looked at once: who still may watch comes again.
  const over = setTimeout(end, LIFETIMES.liveStreamMs);
  body.once('close', () => {
    clearInterval(heartbeat);
    clearTimeout(over);
    onClosed();
  });

  function end(): void {
    if (!body.writableEnded) body.end();
  }

  write(`retry: ${INTERVALS.liveEveryMs}\n\n`);
  return {
    body,
    end,
    told(snapshot: LiveSnapshot) {
      const isOver = snapshot.state === 'ended';
      // What ends the stream is told whether there is room or not; it is the last.
      if (isOver) isFull = false;
      write(
        `id: ${isOver ? END_ID : snapshot.at}\nevent: ${isOver ? 'end' : 'sale'}\ndata: ${JSON.stringify(snapshot)}\n\n`,
      );
      if (isOver) end();
    },
    failed: () => write('event: trouble\ndata: {"code":"UNAVAILABLE"}\n\n'),
  };
}
