import { runWorker } from '../run-worker.ts';
import { reconcileWorker } from './worker.ts';

await runWorker(process, reconcileWorker);
