import { runService } from '../../platform/service.ts';
import { webhooksWorker } from './worker.ts';

await runService(process, webhooksWorker);
