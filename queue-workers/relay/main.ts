import { runService } from '../../platform/service.ts';
import { relayWorker } from './worker.ts';

await runService(process, relayWorker);
