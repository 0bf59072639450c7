/** An edge put together: the core behind it, the rooms, the sockets, the requests. */
import { randomBytes } from 'node:crypto';
import { CLOSE } from '../contracts/close-codes.ts';
import { createIdSource } from '../contracts/ids.ts';
import { INTERVALS } from '../contracts/limits.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logging/logger.ts';
import type { Metrics } from '../platform/metrics.ts';
import { createAccessTokens } from '../platform/tokens/access-token.ts';
import { NO_TRACING, type Tracing } from '../platform/tracing/tracing.ts';
import { createBudgets } from '../reservation-core/budgets.ts';
import { createClaims } from '../reservation-core/claims.ts';
import { createDrops } from '../reservation-core/drops.ts';
import { createKeys } from '../reservation-core/keys.ts';
import { createLine } from '../reservation-core/line.ts';
import { createPasses } from '../reservation-core/passes.ts';
import { createRefusalCounts } from '../reservation-core/refusal-counts.ts';
import type { Shards } from '../reservation-core/shards.ts';
import { createStock } from '../reservation-core/stock.ts';
import { followStockNews } from '../reservation-core/stock-news.ts';
import { createGate } from './defence/gate.ts';
import { createGateMetrics } from './defence/metrics.ts';
import { createDraining } from './draining.ts';
import { createFailedCalls } from './failed-calls.ts';
import { claimByHttp } from './http/claims.ts';
import { describeDrop } from './http/drop.ts';
import { giveUpTicket, lookUpTicket, takeTicket } from './http/tickets.ts';
import { createEdgeMetrics } from './metrics.ts';
import { createPresence, type Presence } from './session/presence.ts';
import type { SessionServices } from './session/services.ts';
import { openSession } from './session/session.ts';
import { createPassports } from './tokens/passport.ts';
import { createTransportMetrics } from './transport/metrics.ts';
import { type AccessOptions, createEdgeServer, type Peer, THIS_MACHINE } from './transport/server.ts';
import { createRooms } from './waiting-room/rooms.ts';

export interface EdgeOptions {
  readonly shards: Shards;
  readonly redisPrefix: string;
  readonly authSecret: string;
  readonly passSecret: string;
  /** The same for all edges: see reservation-core/home-clock.ts. */
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly tracing?: Tracing;
  /** Who may speak to this edge, and from where. */
  readonly access?: AccessOptions;
}

export interface Edge {
  readonly presence: Presence;
  listen(host: string, port: number): Promise<number>;
  /** Takes no more sockets, and asks those that are here, a few at a time, to come back: their places are kept. */
  drain(withinMs: number): Promise<void>;
  close(): void;
}

const EDGE_NAME_BYTES = 4;

export function createEdge(options: EdgeOptions): Edge {
  const { shards, clock, log, access = {}, tracing = NO_TRACING } = options;
  const keys = createKeys(options.redisPrefix);
  const metrics = createEdgeMetrics(options.metrics);
  const { failed: onFailedCall } = createFailedCalls({ log, clock, count: metrics.callFailed });
  const edge = randomBytes(EDGE_NAME_BYTES).toString('hex');
  const line = createLine({ shards, keys, clock, edge, onFailedCall });
  const drops = createDrops({ shards, keys });
  const presence = createPresence();
  const draining = createDraining((peer: Peer) => peer.close(CLOSE.DRAINING, 'DRAINING'));
  const rooms = createRooms({
    ...{ clock, line, drops, stock: createStock({ shards, keys }), log },
    publish: (topic, text) => server.publish(topic, text),
    onMoved: metrics.moved,
    onClosed: metrics.forgetDrop,
    onUnreadable: (region, error) => log.debug({ err: error, region }, 'the stock of a region could not be read'),
  });
  const gate = createGate({
    budgets: createBudgets({ shards, keys, clock }),
    secret: options.passSecret,
    clock,
    metrics: createGateMetrics(options.metrics, (error) =>
      log.debug({ err: error }, 'a budget was counted here alone'),
    ),
    unlimited: access.unlimited ?? THIS_MACHINE,
  });
  const services: SessionServices = {
    ...{ clock, log, gate, rooms, line, presence, metrics, tracing },
    nextId: createIdSource(clock),
    accessTokens: createAccessTokens({ secret: options.authSecret, clock }),
    passports: createPassports(options.passSecret),
    passes: createPasses({ shards, keys }),
    refusals: createRefusalCounts({ shards, keys }),
    claims: createClaims({ shards, keys, clock, onFailedCall }),
    regions: shards.regions,
  };
  const server = createEdgeServer({
    routes: draining.watched({
      '/health': async () => ({ status: 200, body: { ok: true } }),
      '/v1/drops/:dropId': describeDrop({ drops, clock }),
      'POST /v1/drops/:dropId/tickets': takeTicket(services),
      '/v1/drops/:dropId/tickets/:ticket': lookUpTicket(services),
      'DELETE /v1/drops/:dropId/tickets/:ticket': giveUpTicket(services),
      'POST /v1/drops/:dropId/claims': claimByHttp(services),
    }),
    opened(peer, request) {
      if (!draining.opened(peer)) return { message: () => undefined, closed: () => undefined };
      const session = openSession(services, peer, request);
      return {
        message: (frame, binary) => session.message(frame, binary),
        closed() {
          draining.closed(peer);
          session.closed();
        },
      };
    },
    onError: (error) => log.error({ err: error }, 'a request failed'),
    onDropped: metrics.frameDropped,
    clock,
    metrics: createTransportMetrics(options.metrics),
    access,
  });
  const news = followStockNews({
    ...{ shards, keys },
    onReturn: rooms.noteReturn,
    onError: (error) => log.debug({ err: error }, 'the news of stock are interrupted'),
  });
  const ticking = setInterval(() => void rooms.tick(), INTERVALS.admitEveryMs);

  return {
    presence,
    listen: (host, port) => server.listen(host, port),
    async drain(withinMs) {
      server.stopListening();
      await draining.drain(withinMs);
    },
    close() {
      clearInterval(ticking);
      news.close();
      server.close();
    },
  };
}
