import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { listenForEnd } from './ending.ts';

function listening() {
  const signals = new EventEmitter();
  const told: string[] = [];
  let now = 0;
  const { stopping } = listenForEnd(
    {
      on: (signal, listener) => signals.on(signal, listener),
      onFirst: (signal) => told.push(`first ${signal}`),
      onSecond: () => told.push('at once'),
    },
    () => now,
  );
  return {
    stopping,
    told,
    send: (signal: NodeJS.Signals, afterMs: number) => {
      now += afterMs;
      signals.emit(signal);
    },
  };
}

describe('listenForEnd', () => {
  it('stops in order at the first signal and ends at once at the next Ctrl-C', () => {
    const { stopping, told, send } = listening();
    send('SIGTERM', 0);
    expect(stopping.aborted).toBe(true);
    send('SIGINT', 1_000);
    expect(told).toEqual(['first SIGTERM', 'at once']);
  });

  it('goes on stopping in order when npm stop asks for it again', () => {
    const { told, send } = listening();
    send('SIGINT', 0);
    send('SIGTERM', 1_000);
    expect(told).toEqual(['first SIGINT']);
  });

  it('takes the same key press, passed on by npm, for one', () => {
    const { told, send } = listening();
    send('SIGINT', 0);
    send('SIGINT', 10);
    expect(told).toEqual(['first SIGINT']);
  });
});
