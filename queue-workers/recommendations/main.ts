import { runService } from '../../platform/service.ts';
import { recommendationsWorker } from './worker.ts';

await runService(process, recommendationsWorker);
