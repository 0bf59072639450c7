import { type KillableServer, useOwnServer } from './own-server.ts';

/** A PostgreSQL of this file's own with an empty database, for tests that take it away. */
export function useOwnPostgres(): KillableServer & { readonly url: string } {
  const server = useOwnServer('postgres');
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
