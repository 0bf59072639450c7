import { runWorker } from '../run-worker.ts';
import { settlementsWorker } from './worker.ts';

await runWorker(process, settlementsWorker);
