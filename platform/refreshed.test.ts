import { describe, expect, it, vi } from 'vitest';
import { PLATFORM_LIMITS } from './limits.ts';
import { createRefreshed } from './refreshed.ts';

function scene() {
  const state = { nowMs: 0, reads: 0, failures: 0, answer: async (): Promise<string | undefined> => 'one' };
  const refreshed = createRefreshed({
    read: () => {
      state.reads += 1;
      return state.answer();
    },
    everyMs: 100,
    clock: { now: () => state.nowMs },
    failed: () => {
      state.failures += 1;
    },
  });
  return { state, refreshed };
}

describe('what is read now and then', () => {
  it('is answered at once, and read behind the back of who asks, once at a time', async () => {
    const { state, refreshed } = scene();
    expect([refreshed.current(), refreshed.current()]).toEqual([undefined, undefined]);
    await refreshed.refresh();
    expect(state.reads).toBe(1);
    expect(refreshed.current()).toBe('one');
    state.answer = async () => 'two';
    state.nowMs = 99;
    expect(refreshed.current()).toBe('one');
    expect(state.reads).toBe(1);
    state.nowMs = 100;
    expect(refreshed.current()).toBe('one');
    await refreshed.refresh();
    expect(refreshed.current()).toBe('two');
    expect(state.reads).toBe(2);
  });

  it('holds up no start that could do without it', async () => {
    const { state, refreshed } = scene();
    await refreshed.begin();
    expect(refreshed.current()).toBe('one');
    vi.useFakeTimers();
    try {
      const silent = scene();
      silent.state.answer = () => new Promise(() => undefined);
      const begun = silent.refreshed.begin();
      await vi.advanceTimersByTimeAsync(PLATFORM_LIMITS.firstReadMs);
      await begun;
      expect(silent.refreshed.current()).toBeUndefined();
    } finally {
      vi.useRealTimers();
    }
    expect(state.reads).toBe(1);
  });

  it('is what it was while it cannot be read, and is not asked for each time', async () => {
    const { state, refreshed } = scene();
    await refreshed.refresh();
    state.answer = () => Promise.reject(new Error('away'));
    state.nowMs = 200;
    await refreshed.refresh();
    for (let asked = 0; asked < 10; asked += 1) expect(refreshed.current()).toBe('one');
    expect(state).toMatchObject({ reads: 2, failures: 1 });
    state.answer = async () => undefined;
    await refreshed.refresh();
    expect(refreshed.current()).toBeUndefined();
  });
});
