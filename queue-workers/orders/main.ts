import { runWorker } from '../run-worker.ts';
import { ordersWorker } from './worker.ts';

await runWorker(process, ordersWorker);
