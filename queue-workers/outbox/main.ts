import { runService } from '../../platform/service.ts';
import { outboxWorker } from './worker.ts';

await runService(process, outboxWorker);
