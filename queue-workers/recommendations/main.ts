import { runWorker } from '../run-worker.ts';
import { recommendationsWorker } from './worker.ts';

await runWorker(process, recommendationsWorker);
