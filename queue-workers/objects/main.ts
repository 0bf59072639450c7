import { runService } from '../../platform/service.ts';
import { objectsWorker } from './worker.ts';

await runService(process, objectsWorker);
