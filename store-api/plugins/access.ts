/**
 * Who may call a route, declared on the route and enforced here, once, before anything else of it runs. A route without a
 * declaration does not start. What a route finds by an id of somebody's own (an address, a cart) it looks up together with
 * the id of who asks, and answers what is not theirs like what is not there.
 */
import type { FastifyRequest } from 'fastify';
import { DropgateError } from '../../contracts/errors.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { AccessTokens, Identity, Role } from '../../platform/tokens/access-token.ts';
import type { StoreApp } from '../store-app.ts';
import { describeAccess, operationIdOf, tagOf } from './access-document.ts';
import type { Access } from './access-kinds.ts';

export type { Access } from './access-kinds.ts';

declare module 'fastify' {
  interface FastifySchema {
    'x-access'?: Readonly<Record<string, unknown>>;
  }
  interface FastifyContextConfig {
    access?: Access;
  }
}

export const EVERYBODY: Access = { to: 'everybody' };
export const SIGNED_IN: Access = { to: 'signed-in', guests: false };
export const SIGNED_IN_OR_GUEST: Access = { to: 'signed-in', guests: true };
export const onlyFor = (...roles: readonly Role[]): Access => ({ to: 'roles', roles });

const BEARER = /^Bearer (?<token>[A-Za-z0-9._-]+)$/;
const identities = new WeakMap<FastifyRequest, Identity>();

export function installAccess(app: StoreApp, tokens: AccessTokens): void {
  app.addHook('onRoute', (route) => {
    const access = route.config?.access;
    if (access === undefined) throw new Error(`${String(route.method)} ${route.url} does not say who may call it.`);
    const isOpen = access.to === 'everybody';
    const method = Array.isArray(route.method) ? (route.method[0] ?? '') : route.method;
    route.schema = {
      operationId: operationIdOf(method, route.url),
      tags: [tagOf(route.url)],
      ...route.schema,
      'x-access': describeAccess(access),
      ...(isOpen ? {} : { security: [{ bearer: [] }] }),
    };
  });
  app.addHook('onRequest', async (request, reply) => {
    const access = request.routeOptions.config.access;
    // An address that leads nowhere: it is answered so, to everybody.
    if (access === undefined || access.to === 'everybody') return;
    const identity = await authenticate(tokens, request);
    identities.set(request, identity);
    // What is one person's is kept by no cache between; a route may say otherwise.
    reply.header('cache-control', 'private, no-store');
    if (!isAllowed(access, identity, request.params)) throw new DropgateError('FORBIDDEN', 'Not for this caller.');
  });
}

/** Who asks, where that was asked for. */
export function identityOf(request: FastifyRequest): Identity | undefined {
  return identities.get(request);
}

/** Who asks. Only on routes that are not for everybody. */
export function callerOf(request: FastifyRequest): Identity {
  const identity = identities.get(request);
  if (identity === undefined) throw new Error('A route that is for everybody asked who it is.');
  return identity;
}

function isAllowed(access: Exclude<Access, { to: 'everybody' }>, identity: Identity, params: unknown): boolean {
  const { role, kind, userId } = identity;
  switch (access.to) {
    case 'signed-in':
      return access.guests || kind === 'user';
    case 'roles':
      return kind === 'user' && access.roles.includes(role);
    case 'own':
      if (kind === 'user' && access.orRoles.includes(role)) return true;
      return (access.guests || kind === 'user') && paramOf(params, access.param) === userId;
  }
}

function paramOf(params: unknown, name: string): unknown {
  return typeof params === 'object' && params !== null ? Reflect.get(params, name) : undefined;
}

/** Rejects with UNAUTHENTICATED where there is no token of ours. */
async function authenticate(tokens: AccessTokens, request: FastifyRequest): Promise<Identity> {
  const token = BEARER.exec(request.headers.authorization ?? '')?.groups?.token;
  const known = token !== undefined && token.length <= LIMITS.accessTokenChars;
  const identity = known ? await tokens.verify(token) : undefined;
  if (identity === undefined) throw new DropgateError('UNAUTHENTICATED', 'No valid access token.');
  return identity;
}
