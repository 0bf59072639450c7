import { expect, it } from 'vitest';
import { createGate, createSharing } from './gate.ts';

function job(): { readonly work: () => Promise<string>; end(): void; readonly begun: boolean } {
  const { promise, resolve } = Promise.withResolvers<string>();
  let begun = false;
  return {
    work: () => {
      begun = true;
      return promise;
    },
    end: () => resolve('done'),
    get begun() {
      return begun;
    },
  };
}

it('lets so many in at once, the next in their order, and refuses beyond the line', async () => {
  const gate = createGate({ atOnce: 2, waiting: 2 });
  const jobs = [job(), job(), job(), job()] as const;
  const answers = jobs.map(({ work }) => gate.run(work));
  expect(jobs.map(({ begun }) => begun)).toEqual([true, true, false, false]);
  await expect(gate.run(job().work)).rejects.toMatchObject({ code: 'BUSY' });

  jobs[1].end();
  await answers[1];
  expect(jobs.map(({ begun }) => begun)).toEqual([true, true, true, false]);
  for (const { end } of jobs) end();
  expect(await Promise.all(answers)).toEqual(['done', 'done', 'done', 'done']);
  expect(await gate.run(async () => 'free again')).toBe('free again');
});

it('passes the turn of one that failed on', async () => {
  const gate = createGate({ atOnce: 1, waiting: 1 });
  const failing = gate.run(async () => {
    throw new Error('no database');
  });
  const next = gate.run(async () => 'mine');
  await expect(failing).rejects.toThrow('no database');
  expect(await next).toBe('mine');
});

it('asks once for what is asked for several times at once, and again later', async () => {
  const share = createSharing<number>();
  let asked = 0;
  const ask = async () => {
    asked += 1;
    return asked;
  };
  expect(await Promise.all([share('a', ask), share('a', ask), share('b', ask)])).toEqual([1, 1, 2]);
  expect(await share('a', ask)).toBe(3);
});
