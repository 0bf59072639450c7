import { request } from 'node:http';
import { inject } from 'vitest';
import type { CallName, Calls } from './protocol.ts';

/** The first start of Kafka fetches 43 MB; anything longer than this is stuck. */
export const askDeadlineMs = 240_000;

export async function askHost<N extends CallName>(name: N, question: Calls[N]['ask']): Promise<Calls[N]['answer']> {
  const { status, body } = await post(inject('hostSocket'), `/${name}`, JSON.stringify(question));
  if (status !== 200) throw new Error(`the test servers could not ${name} ${JSON.stringify(question)}:\n${body}`);
  return JSON.parse(body);
}

function post(socketPath: string, path: string, body: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const ask = request({ socketPath, path, method: 'POST', agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    ask.setTimeout(askDeadlineMs, () => ask.destroy(new Error(`no answer to ${path} within ${askDeadlineMs} ms`)));
    ask.on('error', reject);
    ask.end(body);
  });
}
