import { runWorker } from '../run-worker.ts';
import { rebalanceWorker } from './worker.ts';

await runWorker(process, rebalanceWorker);
