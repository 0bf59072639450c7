import { runService } from '../../platform/service.ts';
import { dropsWorker } from './worker.ts';

await runService(process, dropsWorker);
