import { type KillableServer, useOwnServer } from './own-server.ts';

/** A Kafka of this file's own. Costs 3 s and 500 MB: only for tests that take it away. */
export function useOwnKafka(): KillableServer & { readonly brokers: string[] } {
  const server = useOwnServer('kafka');
  return {
    get brokers() {
      return server.address.split(',');
    },
    get address() {
      return server.address;
    },
    get url() {
      return server.url;
    },
    get pid() {
      return server.pid;
    },
    kill: () => server.kill(),
    restart: () => server.restart(),
  };
}
