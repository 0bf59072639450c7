import { runService } from '../../platform/service.ts';
import { fulfilmentWorker } from './worker.ts';

await runService(process, fulfilmentWorker);
