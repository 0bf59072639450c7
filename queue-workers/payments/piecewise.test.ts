import { expect, it } from 'vitest';
import { piecewise } from './piecewise.ts';

function refusal(code: string): Error {
  return Object.assign(new Error(code), { code, severity: 'ERROR' });
}

it('tries what waited for another transaction again at once, even alone', async () => {
  const told: unknown[] = [];
  let tries = 0;
  const handle = async (batch: readonly string[]) => {
    tries += 1;
    if (tries < 3) throw refusal('40P01');
    return batch;
  };
  expect(await piecewise(['one'], handle, (error) => told.push(error))).toEqual(['one']);
  expect([tries, told]).toEqual([3, []]);
});

it('finds the one that is refused, and goes on with the others', async () => {
  const told: number[] = [];
  const handle = async (batch: readonly string[]) => {
    if (batch.includes('bad')) throw refusal('22001');
    return batch;
  };
  const done = await piecewise(['a', 'b', 'bad', 'c'], handle, (_error, part) => told.push(part.length));
  expect(done).toEqual(['a', 'b', 'c']);
  expect(told).toEqual([4, 2, 1]);
});
