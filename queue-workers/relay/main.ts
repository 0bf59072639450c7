import { runWorker } from '../run-worker.ts';
import { relayWorker } from './worker.ts';

await runWorker(process, relayWorker);
