import { describe, expect, it } from 'vitest';
import { useStore } from '../../test/fixtures/store.ts';
import { valueAt } from '../../test/fixtures/told.ts';
import { eventually } from '../../test/servers/eventually.ts';

// A heap of a byte: overloaded from the second sample on.
const store = useStore({ web: { overload: { eventLoopDelayMs: 0, heapBytes: 1 } } });

describe('an overloaded store', () => {
  it('answers at once that it is, and goes on telling whether it lives', async () => {
    const busy = await eventually(
      async () => {
        const answer = await store.call('GET', '/api/v1/drops');
        return answer.status === 503 && answer;
      },
      { withinMs: 15_000 },
    );
    expect(valueAt(busy.body, 'code')).toBe('BUSY');
    expect(busy.headers['retry-after']).toBe('1');
    expect((await store.call('GET', '/health')).status).toBe(200);
    expect((await store.call('GET', '/ready')).status).toBe(200);
  });
});
