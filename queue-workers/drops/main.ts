import { runWorker } from '../run-worker.ts';
import { dropsWorker } from './worker.ts';

await runWorker(process, dropsWorker);
