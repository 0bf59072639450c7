/** A Redis, Kafka or PostgreSQL that runs as a child of the launcher or of a test's set-up. */
export interface LocalServer {
  readonly name: ServerName;
  readonly pid: number;
  /** The value for REDIS_URL, KAFKA_BROKERS or DATABASE_URL. */
  readonly address: string;
  readonly exited: Promise<Exit>;
  /** Asks it to stop, waits, and ends it by SIGKILL at a deadline. Whoever calls it again waits for the same end. */
  stop(): Promise<void>;
}

export type ServerName = 'redis' | 'kafka' | 'postgres';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What every start takes besides its own options. */
export interface StartOptions {
  /** Gives up a start that is under way: the half-started server is ended and the start rejects. */
  readonly signal?: AbortSignal;
  /** Told the pid before the server answers, so that a launcher that is killed meanwhile leaves a record of it. */
  readonly onSpawn?: (pid: number) => void;
}

export class ServerStartError extends Error {
  readonly server: ServerName;
  constructor(server: ServerName, reason: string, options?: ErrorOptions) {
    super(`${server} did not start: ${reason}`, options);
    this.name = 'ServerStartError';
    this.server = server;
  }
}
