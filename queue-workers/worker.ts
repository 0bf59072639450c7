import type { VariableName } from '../platform/config/variables.ts';
import type { ServiceContext } from '../platform/service.ts';

/** One kind of work: it has a process of its own by its main.ts, and a share of the process that runs them all. */
export interface Worker<N extends VariableName> {
  readonly name: string;
  readonly variables: readonly N[];
  start(context: ServiceContext<N>): Promise<void>;
}
