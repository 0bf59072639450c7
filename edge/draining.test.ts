import { expect, it } from 'vitest';
import { createDraining } from './draining.ts';
import type { HttpQuestion } from './transport/server.ts';

const QUESTION: HttpQuestion = { address: '', authorization: '', idempotencyKey: '', body: undefined };

function setup() {
  const away: number[] = [];
  const draining = createDraining<number>((peer) => {
    away.push(peer);
    draining.closed(peer);
  });
  return { away, draining };
}

it('sends everybody away a few at a time, and whoever comes meanwhile at once', async () => {
  const { away, draining } = setup();
  for (let peer = 0; peer < 10; peer += 1) expect(draining.opened(peer)).toBe(true);
  const drained = draining.drain(250);
  expect(away).toEqual([0, 1]);
  expect(draining.opened(77)).toBe(false);
  await drained;
  expect(away).toEqual([0, 1, 77, 2, 3, 4, 5, 6, 7, 8, 9]);
});

it('waits for what is being answered', async () => {
  const { draining } = setup();
  const answer = Promise.withResolvers<{ status: number; body: undefined }>();
  const handle = draining.watched({ '/slow': () => answer.promise })['/slow'];
  const answered = handle?.([], QUESTION);
  let isDrained = false;
  const drained = draining.drain(60_000).then(() => {
    isDrained = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isDrained).toBe(false);
  answer.resolve({ status: 200, body: undefined });
  await drained;
  expect(await answered).toEqual({ status: 200, body: undefined });
});

it('does not wait for ever, and not for nobody', async () => {
  const { draining } = setup();
  await draining.drain(60_000);
  const handle = draining.watched({ '/stuck': () => new Promise(() => undefined) })['/stuck'];
  void handle?.([], QUESTION);
  await draining.drain(50);
});
