/** Tells traces by OTLP over HTTP. Loaded only where somebody collects them: it costs 60 ms of a start. */
import { randomBytes } from 'node:crypto';
import { type Attributes, ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOnSampler, BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { PLATFORM_LIMITS } from '../limits.ts';
import type { Logger } from '../logging/logger.ts';
import { isFollowed, readTraceparent, type Step, type Tracing, traceOf } from './tracing.ts';

export interface OtlpOptions {
  readonly process: string;
  /** Of the collector, without /v1/traces. */
  readonly url: string;
  readonly oneIn: number;
  readonly log: Logger;
}

interface Ids {
  readonly traceId: string;
  readonly spanId: string;
}

const newSpanId = () => randomBytes(8).toString('hex');

export function createOtlpTracing({ process, url, oneIn, log }: OtlpOptions): Tracing {
  /** What the next span is called by; the SDK asks for it while the span begins. */
  let next: Ids = { traceId: '', spanId: '' };
  const exporter = new OTLPTraceExporter({
    url: `${url.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: PLATFORM_LIMITS.traceExportMs,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': `dropgate-${process}`, 'service.namespace': 'dropgate' }),
    sampler: new AlwaysOnSampler(),
    idGenerator: { generateTraceId: () => next.traceId, generateSpanId: () => next.spanId },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        // What is more is dropped: a collector that is away costs traces, not memory.
        maxQueueSize: PLATFORM_LIMITS.tracesWaiting,
        maxExportBatchSize: PLATFORM_LIMITS.traceBatch,
        scheduledDelayMillis: PLATFORM_LIMITS.traceEveryMs,
        exportTimeoutMillis: PLATFORM_LIMITS.traceExportMs,
      }),
    ],
  });
  const tracer = provider.getTracer('dropgate');

  function tell(name: string, kind: SpanKind, ids: Ids, parent: string | undefined, step: Step): void {
    const { fromMs, untilMs, facts, failed = false } = step;
    next = ids;
    const attributes: Attributes = { ...facts };
    const above = { traceId: ids.traceId, spanId: parent ?? '', traceFlags: TraceFlags.SAMPLED, isRemote: true };
    const context = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, above);
    const span = tracer.startSpan(name, { kind, attributes, startTime: fromMs }, context);
    if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(Math.max(fromMs, untilMs));
  }

  return {
    follows: (orderId) => isFollowed(orderId, oneIn),
    begin(orderId, name, step) {
      if (isFollowed(orderId, oneIn)) tell(name, SpanKind.INTERNAL, traceOf(orderId), undefined, step);
    },
    step(orderId, name, step) {
      if (!isFollowed(orderId, oneIn)) return;
      const { traceId, spanId } = traceOf(orderId);
      tell(name, SpanKind.INTERNAL, { traceId, spanId: newSpanId() }, spanId, step);
    },
    request(name, request) {
      const client = readTraceparent(request.traceparent);
      if (client !== undefined) {
        tell(name, SpanKind.SERVER, { traceId: client.traceId, spanId: newSpanId() }, client.spanId, request);
        return;
      }
      const spanId = newSpanId();
      const ids = { traceId: randomBytes(16).toString('hex'), spanId };
      if (isFollowed(spanId, oneIn)) tell(name, SpanKind.SERVER, ids, undefined, request);
    },
    async close() {
      await provider
        .shutdown()
        .catch((error: unknown) => log.warn({ err: error }, 'the last traces could not be told'));
    },
  };
}
