import { runService } from '../../platform/service.ts';
import { expiryWorker } from './worker.ts';

await runService(process, expiryWorker);
