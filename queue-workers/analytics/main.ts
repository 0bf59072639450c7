import { runWorker } from '../run-worker.ts';
import { analyticsWorker } from './worker.ts';

await runWorker(process, analyticsWorker);
