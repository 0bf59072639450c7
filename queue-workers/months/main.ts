import { runService } from '../../platform/service.ts';
import { monthsWorker } from './worker.ts';

await runService(process, monthsWorker);
