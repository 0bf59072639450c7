import { runService } from '../../platform/service.ts';
import { recommendationOutcomesWorker } from './worker.ts';

await runService(process, recommendationOutcomesWorker);
