import { runWorker } from '../run-worker.ts';
import { expiryWorker } from './worker.ts';

await runWorker(process, expiryWorker);
