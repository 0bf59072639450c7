import { runWorker } from '../run-worker.ts';
import { reservationsWorker } from './worker.ts';

await runWorker(process, reservationsWorker);
