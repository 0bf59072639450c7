import { runWorker } from '../run-worker.ts';
import { paymentsWorker } from './worker.ts';

await runWorker(process, paymentsWorker);
