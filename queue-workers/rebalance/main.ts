import { runService } from '../../platform/service.ts';
import { rebalanceWorker } from './worker.ts';

await runService(process, rebalanceWorker);
