import { type KillableServer, useOwnServer } from './own-server.ts';

/** A Redis of this file's own, as durable as the real one: what it answered survives kill(). */
export function useOwnRedis(): KillableServer & { readonly url: string } {
  const server = useOwnServer('redis');
  return {
    get url() {
      return server.address;
    },
    get address() {
      return server.address;
    },
    get pid() {
      return server.pid;
    },
    kill: () => server.kill(),
    restart: () => server.restart(),
  };
}
