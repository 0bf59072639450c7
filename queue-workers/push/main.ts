import { runService } from '../../platform/service.ts';
import { pushWorker } from './worker.ts';

await runService(process, pushWorker);
