import { describe, expect, it } from 'vitest';
import { intoRequests } from './requests.ts';

const message = (topic: string, key: string, value = 'v') => ({ topic, key, value });

describe('intoRequests', () => {
  it('makes one request of a batch, grouped by topic, in order', () => {
    const batch = [message('a', '1'), message('b', '2'), { ...message('a', '3'), headers: { h: 'x' } }];
    expect(intoRequests(batch)).toEqual([
      [
        {
          topic: 'a',
          messages: [
            { key: '1', value: 'v' },
            { key: '3', value: 'v', headers: { h: 'x' } },
          ],
        },
        { topic: 'b', messages: [{ key: '2', value: 'v' }] },
      ],
    ]);
    expect(intoRequests([])).toEqual([]);
  });

  it('splits what is too large for one request, and counts bytes, not characters', () => {
    const batch = [message('a', '1', '€'.repeat(100)), message('a', '2', 'x'.repeat(300)), message('a', '3')];
    const keys = intoRequests(batch, 500).map((request) => request.flatMap((t) => t.messages.map((m) => m.key)));
    expect(keys).toEqual([['1'], ['2', '3']]);
  });

  it('refuses a message that no request could carry before anything is sent', () => {
    const batch = [message('a', '1'), message('a', '2', 'x'.repeat(500))];
    expect(() => intoRequests(batch, 500)).toThrow(
      expect.objectContaining({ code: 'KAFKA_MESSAGE_TOO_LARGE', retryable: false }),
    );
  });
});
