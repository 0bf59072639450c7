import { runWorker } from '../run-worker.ts';
import { outboxWorker } from './worker.ts';

await runWorker(process, outboxWorker);
