import { runService } from '../platform/service.ts';
import { ordersWorker } from './orders/worker.ts';
import { outboxWorker } from './outbox/worker.ts';
import { relayWorker } from './relay/worker.ts';

/** All workers in one process, for development and small installations. */
await runService(process, {
  name: 'workers',
  variables: [...new Set([...relayWorker.variables, ...ordersWorker.variables, ...outboxWorker.variables])],
  async start(context) {
    await Promise.all([relayWorker.start(context), ordersWorker.start(context), outboxWorker.start(context)]);
  },
});
