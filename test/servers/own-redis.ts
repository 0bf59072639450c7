import { type KillableServer, useOwnServer } from './own-server.ts';

/** A Redis of this file's own, as durable as the real one: what it answered survives kill(). */
export const useOwnRedis = (): KillableServer => useOwnServer('redis');
