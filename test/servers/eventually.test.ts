import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';

it('answers with what the condition answers, once it holds', async () => {
  let asked = 0;
  const answer = await eventually(
    () => {
      asked += 1;
      if (asked === 1) throw new Error('not yet');
      return asked === 2 ? false : 'there';
    },
    { withinMs: 5_000, everyMs: 1 },
  );
  expect([answer, asked]).toEqual(['there', 3]);
});

it('takes a condition that answers nothing for one that asserts', async () => {
  let asked = 0;
  const asserting = () => {
    asked += 1;
    expect(asked).toBe(2);
  };
  await eventually(asserting, { withinMs: 5_000, everyMs: 1 });
  expect(asked).toBe(2);
});

it('fails at the deadline with what was wrong the last time', async () => {
  const waiting = eventually(() => expect('apples').toBe('pears'), { withinMs: 60, everyMs: 5 });
  await expect(waiting).rejects.toThrow(/not within 60 ms; the last time: expected 'apples' to be 'pears'/);
});

it('does not wait for a condition that never answers', async () => {
  const waiting = eventually(() => new Promise<string>(() => undefined), { withinMs: 60 });
  await expect(waiting).rejects.toThrow('not within 60 ms; the last time: it did not answer');
});
