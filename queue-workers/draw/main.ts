import { runWorker } from '../run-worker.ts';
import { drawWorker } from './worker.ts';

await runWorker(process, drawWorker);
