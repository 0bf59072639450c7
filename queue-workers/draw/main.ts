import { runService } from '../../platform/service.ts';
import { drawWorker } from './worker.ts';

// Not one that stands back, as other workers do: everybody in the line waits for the draw.
await runService(process, drawWorker);
