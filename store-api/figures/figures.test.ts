import { describe, expect, it } from 'vitest';
import { decodeEvent } from '../../contracts/events/codec.ts';
import { FIGURE_NAMES, figureValues, isFigureName } from '../../contracts/figures.ts';
import type { OutgoingMessage } from '../../platform/connections/kafka.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { silentLog } from '../../test/fixtures/shards.ts';
import { eventually } from '../../test/servers/eventually.ts';
import { createFigures, type FiguresOptions } from './figures.ts';

function figuresOf(more: Partial<FiguresOptions> & { publish(batch: readonly OutgoingMessage[]): Promise<void> }) {
  const told = { dropped: 0, sent: 0, closed: 0 };
  const figures = createFigures({
    openPublisher: async () => ({
      publish: more.publish,
      close: async () => {
        told.closed += 1;
      },
    }),
    ...{ topicPrefix: 'x.', nextId: newId, clock: { now: () => 5 }, log: silentLog, everyMs: 1 },
    metrics: {
      dropped: (count) => {
        told.dropped += count;
      },
      sent: (count) => {
        told.sent += count;
      },
    },
    ...more,
  });
  return { figures, told };
}
const searched = { results: 3, isCorrected: false };

describe('what the store counts', () => {
  it('goes to Kafka in batches, as events that can be read', async () => {
    const batches: (readonly OutgoingMessage[])[] = [];
    const { figures, told } = figuresOf({
      publish: async (batch) => {
        batches.push(batch);
      },
    });
    const subjectId = newId();
    figures.note('search.done', searched);
    figures.note('cart.added', { productId: newId(), sku: 'A', quantity: 2 }, { subjectId });
    await eventually(async () => batches.length > 0, { withinMs: 10_000 });
    expect(batches).toHaveLength(1);
    const events = batches.flat().map(({ topic, value }) => {
      expect(topic).toBe('x.analytics.event');
      const decoded = decodeEvent('analytics.event', value);
      if (!decoded.ok) throw new Error(decoded.reason);
      const { name, values } = decoded.event.data;
      expect(isFigureName(name) && figureValues(name, values)).toEqual(values);
      return decoded.event.data;
    });
    expect(events).toMatchObject([
      { name: 'search.done', values: searched, subjectId: null },
      { name: 'cart.added', subjectId },
    ]);
    await figures.stop();
    expect(told).toEqual({ dropped: 0, sent: 2, closed: 1 });
  });

  it('waits within bounds while Kafka is away, and goes when it is back', async () => {
    let isAway = true;
    const arrived: string[] = [];
    const { figures, told } = figuresOf({
      mostWaiting: 3,
      publish: async (batch) => {
        if (isAway) throw new Error('away');
        arrived.push(...batch.map(({ key }) => key));
      },
    });
    for (let at = 0; at < 5; at += 1) figures.note('search.done', searched);
    expect(told.dropped).toBe(2);
    isAway = false;
    await eventually(async () => arrived.length === 3, { withinMs: 10_000 });
    expect(new Set(arrived).size).toBe(3);
    await figures.stop();
    figures.note('search.done', searched);
    expect(told).toEqual({ dropped: 3, sent: 3, closed: 1 });
  });

  it('is given up at the end where nobody takes it', async () => {
    const { figures, told } = figuresOf({
      openPublisher: () => Promise.reject(new Error('away')),
      publish: async () => undefined,
    });
    figures.note('search.done', searched);
    await figures.stop();
    expect(told).toMatchObject({ dropped: 1, sent: 0 });
  });
});

describe('the names of figures', () => {
  it('know what their values are', () => {
    expect(FIGURE_NAMES).toContain('refund.done');
    expect(figureValues('search.done', { ...searched, query: 'what somebody typed' })).toBeUndefined();
    expect(figureValues('order.placed', { orderId: newId(), items: 1, amount: -1, currency: 'EUR' })).toBeUndefined();
    expect(isFigureName('toString')).toBe(false);
  });
});
