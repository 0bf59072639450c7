import { getPriority, setPriority } from 'node:os';
import type { VariableName } from '../platform/config/variables.ts';
import { runService } from '../platform/service.ts';
import type { ServiceProcess } from '../platform/service-process.ts';
import type { Worker } from './worker.ts';

/**
 * A worker as a process of its own. What it does waits in a queue anyway, so it stands back where it shares its cores with
 * the edges and the store, whose shoppers wait for the answer.
 */
export function runWorker<const N extends VariableName>(process: ServiceProcess, worker: Worker<N>): Promise<void> {
  const { name, variables } = worker;
  return runService(process, {
    name,
    variables: [...variables, 'WORKER_NICENESS'],
    start(context) {
      standBack(context.config.WORKER_NICENESS);
      return worker.start(context);
    },
  });
}

/** Of this thread and of those that it makes from now on; those of V8 that are there stay as they are. It cannot be taken back. */
function standBack(niceness: number): void {
  if (niceness > getPriority()) setPriority(niceness);
}
