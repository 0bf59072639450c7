import { runWorker } from '../run-worker.ts';
import { monthsWorker } from './worker.ts';

await runWorker(process, monthsWorker);
