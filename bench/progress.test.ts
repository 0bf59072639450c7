import { expect, it } from 'vitest';
import { createProgress, sayTime } from './progress.ts';

function record(isTTY: boolean, expectedSeconds?: number): string {
  let text = '';
  let nowMs = 0;
  let tick = (): void => undefined;
  const progress = createProgress({
    output: { isTTY, columns: 40, write: (more: string) => (text += more) },
    nowMs: () => nowMs,
    expectedSeconds,
    everySecond: (call) => {
      tick = call;
      return () => (tick = () => undefined);
    },
  });
  progress.step('first');
  nowMs = 2_400;
  tick();
  progress.step('second');
  progress.done();
  tick();
  return text;
}

it('is one line that goes on by itself and is written over on a terminal, and nothing at the end', () => {
  const text = record(true);
  expect(text).not.toContain('\n');
  expect(text.split('\r\u001b[K')).toEqual(['', '0 s · first', '2 s · first · 2 s', '2 s · second', '']);
});

it('is a line a step elsewhere', () => {
  expect(record(false)).toBe('0 s · first\n2 s · second\n');
});

it('says how long it took the last time, and never more than fits into the line', () => {
  const lines = record(true, 150).split('\r\u001b[K');
  expect(lines[1]).toBe('0 s of about 2 min 30 s · first');
  expect(lines.every((line) => line.length < 40)).toBe(true);
});

it('says minutes where there are some', () => {
  expect([0, 59.4, 60, 3_725].map(sayTime)).toEqual(['0 s', '59 s', '1 min 00 s', '62 min 05 s']);
});
