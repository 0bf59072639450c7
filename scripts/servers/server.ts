import { type ChildCommand, type Exit, type RunningChild, startChild } from './child.ts';

export type { Exit, StartOptions } from './child.ts';

export type ServerName = 'redis' | 'kafka' | 'postgres';

/** A Redis, Kafka or PostgreSQL that runs as a child of the launcher or of a test's set-up. */
export interface LocalServer extends RunningChild {
  readonly name: ServerName;
  readonly pid: number;
  /** The value for REDIS_URL, KAFKA_BROKERS or DATABASE_URL. */
  readonly address: string;
  readonly exited: Promise<Exit>;
  stop(): Promise<void>;
}

export interface ServerCommand extends ChildCommand {
  readonly name: ServerName;
  readonly address: string;
}

export async function startServer(command: ServerCommand): Promise<LocalServer> {
  const child = await startChild(command);
  const { name, address } = command;
  return {
    name,
    address,
    pid: child.pid,
    exited: child.exited,
    stop: () => child.stop(),
    lastWords: (count) => child.lastWords(count),
  };
}
