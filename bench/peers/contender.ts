/** What is compared: somebody who sells units to whoever claims first, and leaves a committed order for each. */
import type { Pids } from '../machine/cpu-use.ts';
import type { OrderServers } from '../orders/servers.ts';
import type { BenchContext } from '../scenario.ts';
import type { Counter } from './generator/notes.ts';

/** Connections over HTTP, or sockets: the same for all. A load balancer keeps about so many open to one server. */
export const CONNECTIONS = 256;
/** Who claim over HTTP, each with an address of their own; at a socket it is always the same one. */
export const SHOPPERS = 1_000;

export interface FoundOrders {
  readonly ids: readonly string[];
  /** Epoch milliseconds of the last commit. */
  readonly lastMs: number;
}

export interface Sale {
  readonly units: number;
  /** After a crash and a restart it is elsewhere. */
  counter(): Counter;
  /** Units that would still be sold. */
  left(): Promise<number>;
  /** Once as many are committed as were told, or no more come. */
  orders(told: number): Promise<FoundOrders>;
}

export interface OpenContender {
  /** Without the generator. */
  pids(): Pids;
  openSale(units: number): Promise<Sale>;
  /** Kills its own processes, not the servers that it keeps its data in, and starts them again. */
  crash(): Promise<void>;
  restart(): Promise<void>;
  readonly redisVersion: string | undefined;
  close(): Promise<void>;
}

export interface Contender {
  /** As its figures begin: `tutorialDecisionsPerSecond`. */
  readonly name: string;
  readonly label: string;
  readonly isOurs: boolean;
  open(context: BenchContext, servers: OrderServers): Promise<OpenContender>;
}
