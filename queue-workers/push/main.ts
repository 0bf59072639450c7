import { runWorker } from '../run-worker.ts';
import { pushWorker } from './worker.ts';

await runWorker(process, pushWorker);
