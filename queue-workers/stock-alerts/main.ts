import { runWorker } from '../run-worker.ts';
import { stockAlertsWorker } from './worker.ts';

await runWorker(process, stockAlertsWorker);
