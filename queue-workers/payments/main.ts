import { runService } from '../../platform/service.ts';
import { paymentsWorker } from './worker.ts';

await runService(process, paymentsWorker);
