/** The three processes that a claim of ours passes through, which live and die together. */
import { onAnotherPort } from '../machine/another-port.ts';
import { type EdgeOptions, type EdgeProcess, startEdge } from '../machine/edge-process.ts';
import { type ProductProcess, startProduct } from '../machine/product-process.ts';

export interface OurProcesses {
  readonly port: number;
  pids(): { readonly server: number; readonly relay: number; readonly orders: number };
  /** Resolves when the edge is there, so that shoppers can go on. */
  start(): Promise<void>;
  /** Once the others are at work as well: after a crash, Kafka first has to miss the orders worker that died. */
  whole(): Promise<void>;
  kill(): Promise<void>;
}

export function ourProcesses(edgeOptions: EdgeOptions, workerEnv: Readonly<Record<string, string>>): OurProcesses {
  const { signal } = edgeOptions;
  const workers: ProductProcess[] = [];
  let edge: EdgeProcess | undefined;
  let working: Promise<void> = Promise.resolve();

  async function startWorkers(): Promise<void> {
    for (const name of ['orders', 'relay'] as const) {
      workers.push(await onAnotherPort(() => startProduct({ name, env: workerEnv, signal })));
    }
  }

  return {
    get port() {
      return edge?.port ?? 0;
    },
    pids() {
      const [orders, relay] = workers;
      return { server: edge?.pid ?? 0, relay: relay?.pid ?? 0, orders: orders?.pid ?? 0 };
    },
    async start() {
      edge = await onAnotherPort(() => startEdge(edgeOptions));
      working = startWorkers();
      working.catch(() => undefined);
    },
    whole: () => working,
    async kill() {
      await working.catch(() => undefined);
      await Promise.all([edge, ...workers.splice(0)].map((one) => one?.stop()));
    },
  };
}
