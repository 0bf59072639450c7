import { runService } from '../../platform/service.ts';
import { drawWorker } from './worker.ts';

await runService(process, drawWorker);
