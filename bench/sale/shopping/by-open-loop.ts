/** The other part of the shopping: an open loop, each request counted from when it was due. */
import { Agent, request } from 'node:http';
import type { Shot } from '../../store/generator/notes.ts';
import { runWhenDue } from '../../store/generator/open-loop.ts';
import { STEPS_PER_SESSION } from './mix.ts';
import type { Shop } from './notes.ts';
import type { Shopping } from './session.ts';
import type { ShopTally } from './tally.ts';

const CONNECTIONS = 64;
const TIMEOUT_MS = 20_000;

export async function shopByOpenLoop(
  { url, seconds, sessionsPerSecond }: Shop,
  tally: ShopTally,
  createOne: () => Shopping,
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  // Who was asked last goes on: as few visits are begun as there are requests at once, and all of them come to their end.
  const free: Shopping[] = [];
  const jobs = Array.from({ length: CONNECTIONS }, () => async (dueMs: number): Promise<void> => {
    const shopping = free.pop() ?? createOne();
    const { shot, step } = shopping.next();
    const { status, body, shed } = await send(shot, url, agent);
    tally.shed(shed);
    tally.answered(step, performance.now() - dueMs, status, body);
    shopping.answered(status, body);
    free.push(shopping);
  });
  await runWhenDue({ perSecond: sessionsPerSecond * STEPS_PER_SESSION, seconds }, jobs);
  agent.destroy();
}

/** Status 0 where there was no answer. */
function send({ method, path, headers, body }: Shot, url: string, agent: Agent) {
  return new Promise<{ readonly status: number; readonly body: string; readonly shed: string }>((resolve) => {
    const nothing = (error: unknown): void => resolve({ status: 0, body: String(error), shed: '' });
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const options = { method, agent, headers: { ...headers, ...length }, timeout: TIMEOUT_MS };
    const asked = request(new URL(path, url), options);
    asked.once('timeout', () => asked.destroy(new Error('no answer')));
    asked.once('error', nothing);
    asked.once('response', (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('error', nothing);
      answer.once('end', () => {
        const { statusCode: status = 0, headers: told } = answer;
        resolve({ status, body: Buffer.concat(chunks).toString(), shed: String(told['x-shed'] ?? '') });
      });
    });
    asked.end(body);
  });
}
