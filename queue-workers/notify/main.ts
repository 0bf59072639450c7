import { runWorker } from '../run-worker.ts';
import { notifyWorker } from './worker.ts';

await runWorker(process, notifyWorker);
