import { runService } from '../../platform/service.ts';
import { ratingsWorker } from './worker.ts';

await runService(process, ratingsWorker);
