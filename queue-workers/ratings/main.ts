import { runWorker } from '../run-worker.ts';
import { ratingsWorker } from './worker.ts';

await runWorker(process, ratingsWorker);
