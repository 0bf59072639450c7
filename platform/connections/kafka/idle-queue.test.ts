import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { calmIdleQueues } from './idle-queue.ts';

function makeQueue() {
  const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue');
  const logger = { debug: () => undefined };
  return new RequestQueue({ maxInFlightRequests: 1, requestTimeout: 1_000, clientId: 'any', broker: 'any', logger });
}

it('a connection that has nothing to send sets no timer, and one that has to wait does', () => {
  expect(calmIdleQueues()).toBe(true);
  expect(calmIdleQueues()).toBe(true);
  const queue = makeQueue();
  queue.checkPendingRequests();
  expect(queue.throttleCheckTimeoutId).toBeNull();
  queue.throttledUntil = Date.now() + 60_000;
  queue.pending.push({});
  queue.checkPendingRequests();
  expect(queue.throttleCheckTimeoutId).not.toBeNull();
  queue.destroy();
});
