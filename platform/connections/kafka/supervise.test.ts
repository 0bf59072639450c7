import { describe, expect, it } from 'vitest';
import { eventually } from '../../../test/servers/eventually.ts';
import { createLogger } from '../../logging/logger.ts';
import { type Member, type SuperviseOptions, superviseMember } from './supervise.ts';

function fakeMembers(join: (member: number) => Promise<void>) {
  const crashes: PromiseWithResolvers<unknown>[] = [];
  const left: number[] = [];
  const joins = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const open = (): Member => {
    const crash = Promise.withResolvers<unknown>();
    const number = crashes.push(crash);
    return {
      async join() {
        await join(number);
        joins[number - 1]?.resolve();
      },
      crashed: crash.promise,
      leave: async () => void left.push(number),
    };
  };
  return { open, crashes, left, joined: (member: number) => joins[member - 1]?.promise };
}

function options(open: () => Member, more: Partial<SuperviseOptions> = {}) {
  const lines: string[] = [];
  const log = createLogger({ name: 'test', level: 'info', destination: { write: (line) => lines.push(line) } });
  const stopping = new AbortController();
  const backoff = { minMs: 1, maxMs: 2 };
  return { lines, given: { groupId: 'g', open, stopping, firstJoinMs: 1_000, backoff, log, ...more } };
}

describe('superviseMember', () => {
  it('joins, and leaves when it is stopped', async () => {
    const { open, left } = fakeMembers(async () => undefined);
    const subscription = await superviseMember(options(open).given);
    expect(left).toEqual([]);
    await subscription.stop();
    expect(left).toEqual([1]);
    await subscription.stop();
    expect(left).toEqual([1]);
  });

  it('joins anew when a membership ends by itself, and tells it once', async () => {
    let failures = 0;
    const { open, crashes, left, joined } = fakeMembers(async (member) => {
      if (member === 2) {
        failures += 1;
        throw new Error('no broker');
      }
    });
    const { given, lines } = options(open);
    const subscription = await superviseMember(given);
    crashes[0]?.resolve(new Error('broker is gone'));
    await joined(3);
    await eventually(() => lines.length === 2, { withinMs: 1_000 });
    await subscription.stop();
    expect(failures).toBe(1);
    expect(left).toEqual([1, 2, 3]);
    expect(lines[0]).toContain('broker is gone');
    expect(lines[1]).toContain('member of the consumer group again');
  });

  it('says why it could not join in time, and leaves nothing behind', async () => {
    const { open, left, crashes } = fakeMembers(() => Promise.reject(new Error('no such topic')));
    const failed = superviseMember(options(open, { firstJoinMs: 30 }).given);
    await expect(failed).rejects.toMatchObject({ code: 'KAFKA_UNREACHABLE', retryable: true });
    await expect(failed).rejects.toThrow('no such topic');
    expect(left).toHaveLength(crashes.length);
  });

  it('can be stopped while it joins', async () => {
    const { open, left } = fakeMembers(() => new Promise(() => undefined));
    const failed = superviseMember(options(open, { firstJoinMs: 30 }).given);
    await expect(failed).rejects.toMatchObject({ code: 'KAFKA_UNREACHABLE' });
    expect(left).toEqual([1]);
  });
});
