import { runWorker } from '../run-worker.ts';
import { webhooksWorker } from './worker.ts';

await runWorker(process, webhooksWorker);
