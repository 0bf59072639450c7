import { runService } from '../../platform/service.ts';
import { reservationsWorker } from './worker.ts';

await runService(process, reservationsWorker);
