import type { OtlpOptions } from './otlp-tracing.ts';
import { NO_TRACING, type Tracing } from './tracing.ts';

/** None where no collector is named. */
export async function startTracing(options: OtlpOptions): Promise<Tracing> {
  if (options.url === '') return NO_TRACING;
  const { createOtlpTracing } = await import('./otlp-tracing.ts');
  return createOtlpTracing(options);
}
