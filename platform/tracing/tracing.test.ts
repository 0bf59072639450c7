import { afterEach, describe, expect, it } from 'vitest';
import { createIdSource } from '../../contracts/ids.ts';
import { silentLog } from '../../test/fixtures/shards.ts';
import { eventually } from '../../test/servers/eventually.ts';
import { freePort } from '../../test/servers/free-port.ts';
import { startTraceCollector, type TraceCollector } from '../../test/servers/trace-collector.ts';
import { systemClock } from '../clock.ts';
import { createOtlpTracing } from './otlp-tracing.ts';
import { startTracing } from './start-tracing.ts';
import { isFollowed, NO_TRACING, readTraceparent, traceOf } from './tracing.ts';

const nextId = createIdSource(systemClock);
const options = { process: 'test', oneIn: 1, log: silentLog };
let collector: TraceCollector | undefined;
afterEach(() => collector?.close());

describe('which orders are followed', () => {
  it('is one in so many, the same whoever asks', () => {
    const ids = Array.from({ length: 20_000 }, nextId);
    const followed = ids.filter((id) => isFollowed(id, 10));
    expect(followed.length).toBeGreaterThan(1_700);
    expect(followed.length).toBeLessThan(2_300);
    expect(ids.filter((id) => isFollowed(id, 10))).toEqual(followed);
    expect(ids.every((id) => isFollowed(id, 1))).toBe(true);
  });
});

describe('the trace of a client', () => {
  it('is read from its header, unless it is none or not followed', () => {
    const [traceId, spanId] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
    expect(readTraceparent(`00-${traceId}-${spanId}-01`)).toEqual({ traceId, spanId });
    for (const none of [
      undefined,
      '',
      `00-${traceId}-${spanId}-00`,
      `00-${'0'.repeat(32)}-${spanId}-01`,
      `01-${traceId}-${spanId}-01`,
      `00-${traceId.toUpperCase()}-${spanId}-01`,
    ]) {
      expect(readTraceparent(none)).toBeUndefined();
    }
  });
});

describe('told by OTLP', () => {
  it('the steps of an order are one trace that has its id, and hang on its first step', async () => {
    collector = await startTraceCollector();
    const [one, two] = [
      createOtlpTracing({ ...options, url: collector.url }),
      createOtlpTracing({ ...options, url: collector.url }),
    ];
    const orderId = nextId();
    const times = { fromMs: 1_700_000_000_000, untilMs: 1_700_000_000_012 };
    two.step(orderId, 'order written', { ...times, facts: { claims: 3 } });
    one.begin(orderId, 'claim', times);
    await Promise.all([one.close(), two.close()]);
    const { traceId, spanId } = traceOf(orderId);
    expect(collector.spans.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toMatchObject([
      { name: 'claim', traceId, spanId, startTimeUnixNano: '1700000000000000000', service: 'dropgate-test' },
      { name: 'order written', traceId, parentSpanId: spanId, endTimeUnixNano: '1700000000012000000' },
    ]);
    expect(collector.spans.find(({ name }) => name === 'claim')?.parentSpanId ?? '').toBe('');
  });

  it('a call stands in the trace of its client', async () => {
    collector = await startTraceCollector();
    const tracing = createOtlpTracing({ ...options, oneIn: 1_000_000_000, url: `${collector.url}/` });
    const [traceId, spanId] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
    const times = { fromMs: 1, untilMs: 2 };
    tracing.request('GET /products/{id}', { ...times, traceparent: `00-${traceId}-${spanId}-01` });
    tracing.request('GET /products', { ...times, traceparent: undefined });
    await tracing.close();
    expect(collector.spans).toMatchObject([{ name: 'GET /products/{id}', traceId, parentSpanId: spanId }]);
  });

  it('nobody waits for a collector that is not there', async () => {
    const tracing = createOtlpTracing({ ...options, url: `http://127.0.0.1:${await freePort()}` });
    for (let at = 0; at < 10_000; at += 1) tracing.begin(nextId(), 'claim', { fromMs: at, untilMs: at });
    await tracing.close();
  });

  it('nothing is told where no collector is named', async () => {
    expect(await startTracing({ ...options, url: '' })).toBe(NO_TRACING);
    collector = await startTraceCollector();
    const told = collector;
    const tracing = await startTracing({ ...options, url: told.url });
    tracing.begin(nextId(), 'claim', { fromMs: 1, untilMs: 2 });
    await eventually(async () => told.spans.length === 1, { withinMs: 10_000 });
    await tracing.close();
  });
});
