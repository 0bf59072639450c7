import { runWorker } from '../run-worker.ts';
import { objectsWorker } from './worker.ts';

await runWorker(process, objectsWorker);
