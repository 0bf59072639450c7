import { runService } from '../../platform/service.ts';
import { settlementsWorker } from './worker.ts';

await runService(process, settlementsWorker);
