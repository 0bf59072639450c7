import { runService } from '../../platform/service.ts';
import { riskWorker } from './worker.ts';

await runService(process, riskWorker);
