/** An edge put together: the core behind it, the rooms, the sockets. */
import { CLOSE } from '../contracts/close-codes.ts';
import { createIdSource, isUuidV7 } from '../contracts/ids.ts';
import { INTERVALS } from '../contracts/limits.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logging/logger.ts';
import type { Metrics } from '../platform/metrics.ts';
import { createAccessTokens } from '../platform/tokens/access-token.ts';
import { createClaims } from '../reservation-core/claims.ts';
import { createDrops, type Drops } from '../reservation-core/drops.ts';
import { createKeys } from '../reservation-core/keys.ts';
import { createLine } from '../reservation-core/line.ts';
import type { Shards } from '../reservation-core/shards.ts';
import { createStock } from '../reservation-core/stock.ts';
import { createEdgeMetrics } from './metrics.ts';
import { createPresence, type Presence } from './session/presence.ts';
import type { SessionServices } from './session/services.ts';
import { openSession } from './session/session.ts';
import { createPassports } from './tokens/passport.ts';
import { createTransportMetrics } from './transport/metrics.ts';
import { type AccessOptions, createEdgeServer, type HttpAnswer, type Peer, problem } from './transport/server.ts';
import { createRooms } from './waiting-room/rooms.ts';

export interface EdgeOptions {
  readonly shards: Shards;
  readonly redisPrefix: string;
  readonly authSecret: string;
  readonly passSecret: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Who may speak to this edge, and from where. */
  readonly access?: AccessOptions;
}

export interface Edge {
  readonly presence: Presence;
  listen(host: string, port: number): Promise<number>;
  /** Takes no more sockets, and asks those that are here to come back elsewhere: their places are kept. */
  drain(): void;
  close(): void;
}

export function createEdge(options: EdgeOptions): Edge {
  const { shards, clock, log } = options;
  const keys = createKeys(options.redisPrefix);
  const metrics = createEdgeMetrics(options.metrics);
  const onFailedCall = (error: unknown, rows: number): void => {
    metrics.callFailed();
    log.warn({ err: error, rows }, 'a call of the core failed, trying again');
  };
  const line = createLine({ shards, keys, clock, onFailedCall });
  const drops = createDrops({ shards, keys });
  const presence = createPresence();
  const peers = new Set<Peer>();
  const rooms = createRooms({
    clock,
    line,
    drops,
    stock: createStock({ shards, keys }),
    log,
    publish: (topic, text) => server.publish(topic, text),
    onAdmitted: metrics.admitted,
  });
  const services: SessionServices = {
    clock,
    log,
    nextId: createIdSource(clock),
    accessTokens: createAccessTokens({ secret: options.authSecret, clock }),
    passports: createPassports(options.passSecret),
    rooms,
    line,
    claims: createClaims({ shards, keys, clock, onFailedCall }),
    presence,
    metrics,
    regions: shards.regions,
  };
  const server = createEdgeServer({
    routes: {
      '/health': async () => ({ status: 200, body: { ok: true } }),
      '/v1/drops/:dropId': ([dropId = '']) => describeDrop(drops, dropId),
    },
    opened(peer, request) {
      peers.add(peer);
      const session = openSession(services, peer, request);
      return {
        message: (frame, binary) => session.message(frame, binary),
        closed() {
          peers.delete(peer);
          session.closed();
        },
      };
    },
    onError: (error) => log.error({ err: error }, 'a request failed'),
    onDropped: metrics.frameDropped,
    clock,
    metrics: createTransportMetrics(options.metrics),
    ...(options.access === undefined ? {} : { access: options.access }),
  });
  const ticking = setInterval(() => void rooms.tick(), INTERVALS.admitEveryMs);

  return {
    presence,
    listen: (host, port) => server.listen(host, port),
    drain() {
      server.stopListening();
      for (const peer of peers) peer.close(CLOSE.DRAINING, 'DRAINING');
    },
    close() {
      clearInterval(ticking);
      server.close();
    },
  };
}

async function describeDrop(drops: Drops, dropId: string): Promise<HttpAnswer> {
  const drop = isUuidV7(dropId) ? await drops.find(dropId) : undefined;
  return drop === undefined ? problem('DROP_NOT_FOUND') : { status: 200, body: drop };
}
