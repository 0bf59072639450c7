/** What a collector of traces is told, by OTLP over HTTP as JSON. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Type from 'typebox';
import Value from 'typebox/value';

const Told = Type.Object({
  resourceSpans: Type.Array(
    Type.Object({
      resource: Type.Object({
        attributes: Type.Array(
          Type.Object({ key: Type.String(), value: Type.Object({ stringValue: Type.Optional(Type.String()) }) }),
        ),
      }),
      scopeSpans: Type.Array(
        Type.Object({
          spans: Type.Array(
            Type.Object({
              ...{ traceId: Type.String(), spanId: Type.String(), parentSpanId: Type.Optional(Type.String()) },
              ...{ name: Type.String(), startTimeUnixNano: Type.String(), endTimeUnixNano: Type.String() },
            }),
          ),
        }),
      ),
    }),
  ),
});

export interface ToldSpan {
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}

export interface TraceCollector {
  readonly url: string;
  readonly spans: readonly ToldSpan[];
  close(): Promise<void>;
}

export async function startTraceCollector(): Promise<TraceCollector> {
  const spans: ToldSpan[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      for (const { resource, scopeSpans } of Value.Parse(Told, JSON.parse(text)).resourceSpans) {
        const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
        for (const { spans: some } of scopeSpans) spans.push(...some.map((span) => ({ service, ...span })));
      }
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port }: AddressInfo = addressOf(server.address());
  return {
    ...{ url: `http://127.0.0.1:${port}`, spans },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function addressOf(address: string | AddressInfo | null): AddressInfo {
  if (typeof address === 'object' && address !== null) return address;
  throw new Error('The collector does not listen on a port.');
}
