/**
 * The web server that all peers share: Fastify with schemas for what comes in and goes out, so that both are compiled,
 * and one pool of PostgreSQL connections with prepared statements. What is the peer's own is how it takes a unit.
 */
import Fastify from 'fastify';
import { Pool } from 'pg';
import { joinCrew } from '../crew/member.ts';
import type { PeerOrder, PeerReport } from './peer-notes.ts';

export interface PeerServers {
  readonly database: Pool;
  readonly redisUrl: string | null;
}

export interface Peer {
  stock(sku: string, units: number): Promise<void>;
  /** The id of the order, once that is committed; undefined when nothing is left. */
  claim(sku: string, shopper: string): Promise<string | undefined>;
  left(sku: string): Promise<number>;
}

interface Asked {
  readonly sku: string;
  readonly qty: number;
  readonly shopper: string;
}

/** Of 4, 8, 16, 32 and 64, none costs less CPU time for a claim. */
const CONNECTIONS = 32;
const CREATED = 201;
const CONFLICT = 409;
const text = { type: 'string' } as const;
const SCHEMA = {
  body: {
    type: 'object',
    required: ['sku', 'qty', 'shopper'],
    properties: { sku: text, qty: { type: 'integer', const: 1 }, shopper: { type: 'string', format: 'uuid' } },
  },
  response: {
    [CREATED]: { type: 'object', properties: { claimId: text, sku: text, qty: { type: 'integer' } } },
    [CONFLICT]: { type: 'object', properties: { code: text } },
  },
} as const;

export const ORDERS = `create table if not exists orders (
  id uuid primary key, sku text not null, shopper_id uuid not null, created_at timestamptz not null default now()
)`;

export function servePeer(open: (servers: PeerServers) => Promise<Peer>): void {
  joinCrew<PeerOrder, PeerReport>(async ({ next, report }) => {
    const first = await next();
    if (first.t !== 'serve') throw new Error('A peer serves first.');
    const { databaseUrl, redisUrl } = first;
    const peer = await open({ database: new Pool({ connectionString: databaseUrl, max: CONNECTIONS }), redisUrl });
    report({ t: 'listening', port: await listen(peer) });
    for (;;) {
      const order = await next();
      if (order.t === 'stock') {
        await peer.stock(order.sku, order.units);
        report({ t: 'stocked' });
      } else if (order.t === 'count') report({ t: 'left', units: await peer.left(order.sku) });
    }
  });
}

async function listen(peer: Peer): Promise<number> {
  const server = Fastify({ logger: false });
  server.post<{ Body: Asked }>('/claims', { schema: SCHEMA }, async ({ body: { sku, qty, shopper } }, reply) => {
    const claimId = await peer.claim(sku, shopper);
    reply.code(claimId === undefined ? CONFLICT : CREATED);
    return claimId === undefined ? { code: 'SOLD_OUT' } : { claimId, sku, qty };
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  const [address] = server.addresses();
  if (address === undefined || typeof address === 'string') throw new Error('A peer has no port.');
  return address.port;
}
