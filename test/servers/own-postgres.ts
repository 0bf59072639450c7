import { type KillableServer, useOwnServer } from './own-server.ts';

/** A PostgreSQL of this file's own with an empty database, for tests that take it away. */
export const useOwnPostgres = (): KillableServer => useOwnServer('postgres');
