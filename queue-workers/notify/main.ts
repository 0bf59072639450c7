import { runService } from '../../platform/service.ts';
import { notifyWorker } from './worker.ts';

await runService(process, notifyWorker);
