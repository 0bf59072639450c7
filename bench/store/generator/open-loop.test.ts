import { createServer, type ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { dueTimes, fireOpenLoop } from './open-loop.ts';

const TAKES_MS = 40;

async function withServer<T>(answer: (response: ServerResponse) => void, use: (url: string) => Promise<T>): Promise<T> {
  const server = createServer((_request, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A server without a port.');
  try {
    return await use(`http://127.0.0.1:${address.port}`);
  } finally {
    server.close();
  }
}

const load = { seconds: 1, timeoutMs: 5_000, scripts: [[{ method: 'GET', path: '/' } as const]] };

it('spreads what is due over the whole time, the same in every run', () => {
  const times = [...dueTimes({ perSecond: 1_000, seconds: 10 })];
  expect(times.length).toBeGreaterThan(9_600);
  expect(times.length).toBeLessThan(10_400);
  for (let second = 0; second < 10; second++) {
    const inSecond = times.filter((ms) => ms >= second * 1_000 && ms < (second + 1) * 1_000);
    expect(inSecond.length).toBeGreaterThan(850);
    // A tenth of a second has a tenth of them, not all.
    expect(inSecond.filter((ms) => ms % 1_000 < 100).length).toBeLessThan(200);
  }
  expect([...dueTimes({ perSecond: 1_000, seconds: 10 })]).toEqual(times);
});

it('counts a request from when it was due, also while no connection is free', async () => {
  const { requests, failed, latencies } = await withServer(
    (response) => setTimeout(() => response.end('late'), TAKES_MS),
    // Twice what one connection can carry: the last of them wait for half of the time.
    (url) => fireOpenLoop({ ...load, url, connections: 1, perSecond: (2 * 1_000) / TAKES_MS }),
  );
  expect(failed).toBe(0);
  expect(requests).toBe([...dueTimes({ perSecond: 50, seconds: 1 })].length);
  expect(latencies.minNonZeroValue).toBeGreaterThanOrEqual((TAKES_MS - 2) * 1_000);
  expect(latencies.maxValue).toBeGreaterThan(5 * TAKES_MS * 1_000);
});

it('counts what is not answered with success', async () => {
  const { requests, failed } = await withServer(
    (response) => response.writeHead(503).end('{}'),
    (url) => fireOpenLoop({ ...load, url, connections: 4, perSecond: 100 }),
  );
  expect(failed).toBe(requests);
  expect(requests).toBeGreaterThan(50);
});
