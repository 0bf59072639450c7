import { runService } from '../../platform/service.ts';
import { segmentsWorker } from './worker.ts';

await runService(process, segmentsWorker);
