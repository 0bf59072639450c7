import { runService } from '../../platform/service.ts';
import { ordersWorker } from './worker.ts';

await runService(process, ordersWorker);
