import { runWorker } from '../run-worker.ts';
import { segmentsWorker } from './worker.ts';

await runWorker(process, segmentsWorker);
