import { runWorker } from '../run-worker.ts';
import { forecastWorker } from './worker.ts';

await runWorker(process, forecastWorker);
