import { runService } from '../../platform/service.ts';
import { reconcileWorker } from './worker.ts';

await runService(process, reconcileWorker);
