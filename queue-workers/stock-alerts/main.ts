import { runService } from '../../platform/service.ts';
import { stockAlertsWorker } from './worker.ts';

await runService(process, stockAlertsWorker);
