import { runWorker } from '../run-worker.ts';
import { fulfilmentWorker } from './worker.ts';

await runWorker(process, fulfilmentWorker);
