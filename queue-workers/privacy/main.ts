import { runWorker } from '../run-worker.ts';
import { privacyWorker } from './worker.ts';

await runWorker(process, privacyWorker);
