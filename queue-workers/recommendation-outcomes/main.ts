import { runWorker } from '../run-worker.ts';
import { recommendationOutcomesWorker } from './worker.ts';

await runWorker(process, recommendationOutcomesWorker);
