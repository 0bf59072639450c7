/**
 * Who of the support and the admins looked at whose data. Written before the answer leaves: what cannot be written down is
 * not shown. By default every reading of theirs is; what is about goods and not about people is named here.
 */
import type { FastifyRequest } from 'fastify';
import { recordAct } from '../../db/queries/record-act.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { identityOf } from '../plugins/access.ts';
import type { StoreApp, StoreServices } from '../services.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route writes down itself who reads. */
    audit?: 'own';
  }
}

/** What begins so is about goods, settings, or oneself. */
const NOT_ABOUT_PEOPLE = [
  ...[
    '/me',
    '/seller/profile',
    '/audit-log',
    '/search',
    '/promotions',
    '/rates',
    '/categories',
    '/brands',
    '/products',
  ],
  ...[
    '/admin/flags',
    '/admin/experiments',
    '/admin/segments',
    '/admin/commissions',
    '/seller/segments',
    '/seller/products',
    '/seller/variants',
    '/seller/inventory',
  ],
  ...['/seller/warehouses', '/seller/alerts', '/seller/drops', '/seller/analytics', '/seller/forecasts'],
  ...['/seller/reorder', '/seller/price-suggestions'],
] as const;
const API = '/api/v1';
const KIND_CHARS = 40;

type Parts = Pick<StoreServices, 'database' | 'nextId'>;

export function installAuditedReads(app: StoreApp, { database, nextId }: Parts): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const read = reply.statusCode < 300 ? readingOf(request) : undefined;
    if (read !== undefined) {
      await withTransaction(database, (client) =>
        recordAct(client, { id: nextId(), action: 'read', detail: {}, ...read }),
      );
    }
    return payload;
  });
}

function readingOf(request: FastifyRequest) {
  if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
  const { access, audit } = request.routeOptions.config;
  const identity = identityOf(request);
  if (identity === undefined || access === undefined || audit === 'own') return undefined;
  if (identity.kind !== 'user' || (identity.role !== 'admin' && identity.role !== 'support')) return undefined;
  const path = (request.routeOptions.url ?? '').replace(API, '');
  if (NOT_ABOUT_PEOPLE.some((begin) => path === begin || path.startsWith(`${begin}/`))) return undefined;
  const params = Object.values(paramsOf(request)).map(String);
  // What somebody has without naming it is their own.
  if (access.to === 'signed-in' && params.length === 0) return undefined;
  const subjectId = params[0] ?? 'list';
  if (access.to === 'own' && subjectId === identity.userId) return undefined;
  return {
    actorId: identity.userId,
    actorRole: identity.role,
    subjectKind: kindOf(path),
    subjectId: subjectId.slice(0, 100),
  };
}

function paramsOf({ params }: FastifyRequest): object {
  return typeof params === 'object' && params !== null ? params : {};
}

/** `/users/:id/orders` is `users.orders`. */
function kindOf(path: string): string {
  const words = path.split('/').filter((word) => word !== '' && !word.startsWith(':'));
  return words.join('.').slice(0, KIND_CHARS);
}
