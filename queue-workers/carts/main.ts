import { runWorker } from '../run-worker.ts';
import { cartsWorker } from './worker.ts';

await runWorker(process, cartsWorker);
