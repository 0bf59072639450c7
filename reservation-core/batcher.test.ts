import { describe, expect, it } from 'vitest';
import { createBatcher } from './batcher.ts';
import { ScriptReplyError } from './script-runner.ts';

interface Setup {
  call?(rows: readonly number[]): Promise<readonly string[]>;
  maxBatch?: number;
  maxQueue?: number;
  maxInFlight?: number;
}

function setup({ call, maxBatch = 3, maxQueue = 100, maxInFlight = 2 }: Setup) {
  const clock = { nowMs: 1_000, now: () => clock.nowMs };
  const calls: number[][] = [];
  const failures: unknown[] = [];
  const batcher = createBatcher<number, string>({
    maxBatch,
    maxQueue,
    maxInFlight,
    deadlineMs: 500,
    retryAfterMs: 1,
    clock,
    async call(rows) {
      calls.push([...rows]);
      return call === undefined ? rows.map((row) => `r${row}`) : await call(rows);
    },
    onFailedCall: (error) => failures.push(error),
  });
  return { batcher, calls, clock, failures };
}

describe('a batcher', () => {
  it('does what one turn asks for in as few calls as the batch size allows, and answers each row its own', async () => {
    const { batcher, calls } = setup({});
    const replies = await Promise.all([1, 2, 3, 4, 5].map((row) => batcher.submit(row)));
    expect(replies).toEqual(['r1', 'r2', 'r3', 'r4', 'r5'].map((reply) => ({ ok: true, reply })));
    expect(calls).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
    expect(batcher.depth).toBe(0);
  });

  it('answers BUSY at once beyond its bound, and takes again what it has room for', async () => {
    const gate = Promise.withResolvers<void>();
    const { batcher } = setup({
      maxQueue: 2,
      call: async (rows) => {
        await gate.promise;
        return rows.map(String);
      },
    });
    const first = [batcher.submit(1), batcher.submit(2)];
    expect(await batcher.submit(3)).toEqual({ ok: false, code: 'BUSY' });
    gate.resolve();
    expect(await Promise.all(first)).toEqual([1, 2].map((row) => ({ ok: true, reply: String(row) })));
    expect(await batcher.submit(4)).toEqual({ ok: true, reply: '4' });
  });

  it('keeps no more calls in flight than it may', async () => {
    let inFlight = 0;
    let most = 0;
    const { batcher } = setup({
      maxBatch: 1,
      maxInFlight: 2,
      call: async (rows) => {
        most = Math.max(most, ++inFlight);
        await new Promise(setImmediate);
        inFlight -= 1;
        return rows.map(String);
      },
    });
    await Promise.all(Array.from({ length: 20 }, (_, row) => batcher.submit(row)));
    expect(most).toBe(2);
  });

  it('makes a failed call again with the same rows', async () => {
    let tries = 0;
    const { batcher, calls, failures } = setup({
      call: async (rows) => {
        tries += 1;
        if (tries < 3) throw new Error('connection lost');
        return rows.map(String);
      },
    });
    expect(await batcher.submit(7)).toEqual({ ok: true, reply: '7' });
    expect(calls).toEqual([[7], [7], [7]]);
    expect(failures).toHaveLength(2);
  });

  it('gives up with BUSY at the deadline', async () => {
    const { batcher, clock } = setup({
      call: () => {
        clock.nowMs += 400;
        return Promise.reject(new Error('connection lost'));
      },
    });
    expect(await batcher.submit(7)).toEqual({ ok: false, code: 'BUSY' });
  });

  it('does not repeat a call whose answer it cannot read, and says so', async () => {
    const { batcher, calls } = setup({ call: () => Promise.reject(new ScriptReplyError('stock/claim', ['?'])) });
    await expect(batcher.submit(1)).rejects.toThrow('what its header does not name');
    expect(calls).toHaveLength(1);
  });

  it('rejects a row that was left without an answer', async () => {
    const { batcher } = setup({ call: () => Promise.resolve(['only one']) });
    const [first, second] = await Promise.allSettled([batcher.submit(1), batcher.submit(2)]);
    expect(first).toMatchObject({ status: 'fulfilled' });
    expect(second).toMatchObject({ status: 'rejected' });
  });
});
