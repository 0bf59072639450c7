import { runService } from '../../platform/service.ts';
import { cartsWorker } from './worker.ts';

await runService(process, cartsWorker);
