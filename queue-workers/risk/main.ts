import { runWorker } from '../run-worker.ts';
import { riskWorker } from './worker.ts';

await runWorker(process, riskWorker);
