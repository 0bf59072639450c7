/**
 * kafkajs 2.2.4 looks every millisecond whether a request waits, for each connection and for ever, as soon as one was
 * answered (its issues 1556 and 1704, open since 2023): a process that has nothing to do takes about 0.05 of a core, and
 * a dozen of them half of one. Where nothing waits there is nothing to look for: a request that has to wait asks itself
 * to be looked for. Found by a test that fails once kafkajs no longer has it; without it there is nothing to mend.
 */
import { createRequire } from 'node:module';

interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

const calmed = new WeakSet<RequestQueue>();

/** For all clients of this process; doing it again changes nothing. Says whether there was something to calm. */
export function calmIdleQueues(): boolean {
  const made: unknown = createRequire(import.meta.url)('kafkajs/src/network/requestQueue');
  const queue: unknown = typeof made === 'function' ? made.prototype : undefined;
  if (!isRequestQueue(queue)) return false;
  if (calmed.has(queue)) return true;
  calmed.add(queue);
  const schedule = queue.scheduleCheckPendingRequests;
  queue.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.pending.length > 0) schedule.call(this);
  };
  return true;
}

/** `pending` is of each queue, not of what they share. */
function isRequestQueue(queue: unknown): queue is RequestQueue {
  return (
    typeof queue === 'object' &&
    queue !== null &&
    'scheduleCheckPendingRequests' in queue &&
    typeof queue.scheduleCheckPendingRequests === 'function'
  );
}
