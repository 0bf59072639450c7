import { describe, expect, it } from 'vitest';
import { createReading, rangesOf } from './browse.ts';
import type { ReceivedMessage } from './types.ts';

const message = (partition: number, offset: number): ReceivedMessage => ({
  ...{ topic: 't', partition, offset: String(offset), key: '', value: '', headers: {}, timestampMs: 0 },
});
const range = (partition: number, from: bigint, to: bigint) => ({ topic: 't', partition, from, to });

describe('reading a topic', () => {
  it('ends where the topic ended when it began, and visits nothing twice', async () => {
    const seen: string[] = [];
    const reading = createReading(
      [range(0, 2n, 4n), range(1, 0n, 1n), range(2, 5n, 5n)],
      ({ partition, offset }) => seen.push(`${partition}@${offset}`),
      100,
    );
    expect(reading.take([message(0, 1), message(0, 2)])).toBe(false);
    expect(reading.take([message(0, 2), message(0, 3), message(0, 4)])).toBe(true);
    expect(reading.take([message(1, 0), message(1, 1)])).toBe(true);
    await reading.ended;
    expect(seen).toEqual(['0@2', '0@3', '1@0']);
  });

  it('ends after as many as it may read', async () => {
    let seen = 0;
    const visit = (): void => {
      seen += 1;
    };
    const reading = createReading([range(0, 0n, 100n)], visit, 3);
    reading.take(Array.from({ length: 10 }, (_, offset) => message(0, offset)));
    await reading.ended;
    expect([seen, reading.read]).toEqual([3, 3]);
  });

  it('has nothing to read of topics that there are not, and of one message only that', async () => {
    const admin = {
      listTopics: async () => ['t'],
      fetchTopicOffsets: async () => [
        { partition: 0, low: '3', high: '9' },
        { partition: 1, low: '0', high: '0' },
      ],
    };
    expect(await rangesOf(admin, ['t', 'gone'], undefined)).toEqual([range(0, 3n, 9n)]);
    expect(await rangesOf(admin, ['t'], { partition: 0, offset: '4' })).toEqual([range(0, 4n, 5n)]);
    expect(await rangesOf(admin, ['t'], { partition: 0, offset: '9' })).toEqual([]);
    expect(await rangesOf(admin, ['t'], { partition: 1, offset: '0' })).toEqual([]);
  });
});
