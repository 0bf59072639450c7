/** What a process of `limits` is asked to be, and what it tells: plain data, since it crosses processes. */

export interface Times {
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export interface EchoServer {
  readonly t: 'echo-server';
}

export interface EchoClient extends Times {
  readonly t: 'echo-client';
  readonly port: number;
  readonly sockets: number;
  /** Which generator this is: each has addresses of its own. */
  readonly generator: number;
}

export interface Produce extends Times {
  readonly t: 'produce';
  readonly broker: string;
  readonly topic: string;
}

export interface Consume {
  readonly t: 'consume';
  readonly broker: string;
  readonly topic: string;
  /** It ends when it has read so many. */
  readonly records: number;
}

export interface Insert extends Times {
  readonly t: 'insert';
  readonly databaseUrl: string;
  /** PostgreSQL waits so long before each flush of its log. */
  readonly commitDelayUs: number;
}

export interface TcpServer {
  readonly t: 'tcp-server';
}

export interface TcpClient extends Times {
  readonly t: 'tcp-client';
  readonly port: number;
  /** A small message there and back, one after the other; or as many bytes as are taken. */
  readonly what: 'round trips' | 'bytes';
}

export type LimitOrder =
  | EchoServer
  | EchoClient
  | Produce
  | Consume
  | Insert
  | TcpServer
  | TcpClient
  | { readonly t: 'go' };

/** What was counted while it was measured. */
export interface Counted {
  readonly units: number;
  readonly tookMs: number;
  /** CPU time of this process. */
  readonly cpuMs: number;
  /** Latencies in microseconds, as hdr-histogram-js encodes them. */
  readonly histogram: string;
}

export type LimitReport =
  | { readonly t: 'listening'; readonly port: number }
  | { readonly t: 'ready' }
  | { readonly t: 'done'; readonly counted: Counted };
