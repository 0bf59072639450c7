import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { CallName, Calls, Handlers } from './protocol.ts';

const maxBodyBytes = 64 * 1024;

/** Answers POST /<call> with JSON; a failure is answered with its whole text, for the test that asked to show. */
export function createListener(handlers: Handlers): Server {
  const server = createServer((request, response) => {
    const answer = readBody(request).then((body) => dispatch(handlers, (request.url ?? '').slice(1), body));
    answer.then(
      (value) => response.end(JSON.stringify(value)),
      (error: unknown) => {
        response.statusCode = 500;
        response.end(error instanceof Error ? (error.stack ?? error.message) : String(error));
      },
    );
  });
  // The first start of Kafka may have to fetch it: no deadline but that of who asks.
  server.requestTimeout = 0;
  return server;
}

async function dispatch(handlers: Handlers, name: string, body: string): Promise<unknown> {
  if (!isCall(handlers, name)) throw new Error(`the host of the test servers does not know "${name}"`);
  return run(handlers, name, JSON.parse(body));
}

/** Generic, so that a call's question and its handler belong together. */
function run<N extends CallName>(handlers: Handlers, name: N, ask: Calls[N]['ask']): Promise<Calls[N]['answer']> {
  return handlers[name](ask);
}

const isCall = (handlers: Handlers, name: string): name is CallName => Object.hasOwn(handlers, name);

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new Error(`a question of more than ${maxBodyBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
