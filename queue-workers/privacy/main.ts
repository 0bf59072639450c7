import { runService } from '../../platform/service.ts';
import { privacyWorker } from './worker.ts';

await runService(process, privacyWorker);
