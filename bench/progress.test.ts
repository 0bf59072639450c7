import { expect, it } from 'vitest';
import { createProgress } from './progress.ts';

function record(isTTY: boolean): string {
  let text = '';
  let nowMs = 0;
  const output = { isTTY, write: (more: string) => (text += more) };
  const progress = createProgress(output, () => nowMs);
  progress.step('first');
  nowMs = 2_400;
  progress.step('second');
  progress.done();
  return text;
}

it('is one line that is written over on a terminal, and nothing at the end', () => {
  const text = record(true);
  expect(text).not.toContain('\n');
  expect(text.split('\r\u001b[K')).toEqual(['', '0 s · first', '2 s · second', '']);
});

it('is a line a step elsewhere', () => {
  expect(record(false)).toBe('0 s · first\n2 s · second\n');
});
