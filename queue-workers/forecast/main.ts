import { runService } from '../../platform/service.ts';
import { forecastWorker } from './worker.ts';

await runService(process, forecastWorker);
