import { runService } from '../../platform/service.ts';
import { analyticsWorker } from './worker.ts';

await runService(process, analyticsWorker);
