/**
 * Who may call a route, declared on the route and enforced here, once, before anything else of it runs. A route without a
 * declaration does not start. What a route finds by an id of somebody's own (an address, a cart) it looks up together with
 * the id of who asks, and answers what is not theirs like what is not there.
 */
import type { FastifyRequest } from 'fastify';
import { type ApiKeyArea, scopeFor } from '../../contracts/api-keys.ts';
import { DropgateError } from '../../contracts/errors.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { AccessTokens, Identity, Role } from '../../platform/tokens/access-token.ts';
import { type ApiKeys, looksLikeApiKey } from '../api-keys/keys.ts';
import type { StoreApp } from '../store-app.ts';
import { describeAccess, operationIdOf, tagOf } from './access-document.ts';
import type { Access } from './access-kinds.ts';
import { Refusal } from './problems.ts';

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
/** Who sells and who runs the shop; and the programs of who sells, with a key for this area. */
export const sellers = (area: ApiKeyArea, ...others: readonly Role[]): Access => ({
  ...{ to: 'roles', roles: ['merchant', 'admin', ...others], area },
});

const BEARER = /^Bearer (?<token>[A-Za-z0-9._-]+)$/;
const identities = new WeakMap<FastifyRequest, Identity>();
/** By which key, of who came with one. */
const keyIds = new WeakMap<FastifyRequest, string>();

export function installAccess(app: StoreApp, tokens: AccessTokens, apiKeys: ApiKeys): void {
  app.addHook('onRoute', (route) => {
    const access = route.config?.access;
    if (access === undefined) throw new Error(`${String(route.method)} ${route.url} does not say who may call it.`);
    const isOpen = access.to === 'everybody';
    const method = Array.isArray(route.method) ? (route.method[0] ?? '') : route.method;
    route.schema = {
      operationId: operationIdOf(method, route.url),
      tags: [tagOf(route.url)],
      ...route.schema,
      'x-access': describeAccess(access, method),
      ...(isOpen ? {} : { security: [{ bearer: [] }] }),
    };
  });
  app.addHook('onRequest', async (request, reply) => {
    const access = request.routeOptions.config.access;
    // An address that leads nowhere: it is answered so, to everybody.
    if (access === undefined || access.to === 'everybody') return;
    const token = tokenOf(request);
    const isKey = token !== undefined && looksLikeApiKey(token);
    const identity = isKey ? await byKey(apiKeys, request, access, token) : await byToken(tokens, token);
    identities.set(request, identity);
    // What is one person's is kept by no cache between; a route may say otherwise.
    reply.header('cache-control', 'private, no-store');
    if (!isAllowed(access, identity, request.params)) throw new DropgateError('FORBIDDEN', 'Not for this caller.');
  });
}

/** Which key a program of a merchant came with. */
export function apiKeyOf(request: FastifyRequest): string | undefined {
  return keyIds.get(request);
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

function tokenOf(request: FastifyRequest): string | undefined {
  return BEARER.exec(request.headers.authorization ?? '')?.groups?.['token'];
}

/** Rejects with UNAUTHENTICATED where there is no token of ours. */
async function byToken(tokens: AccessTokens, token: string | undefined): Promise<Identity> {
  const known = token !== undefined && token.length <= LIMITS.accessTokenChars;
  const identity = known ? await tokens.verify(token) : undefined;
  if (identity === undefined) throw new DropgateError('UNAUTHENTICATED', 'No valid access token.');
  return identity;
}

/** A key is its merchant, but only where a route says so, and for what it is made for. */
async function byKey(
  apiKeys: ApiKeys,
  request: FastifyRequest,
  access: Exclude<Access, { to: 'everybody' }>,
  text: string,
): Promise<Identity> {
  const key = await apiKeys.find(text);
  if (key === undefined) throw new Refusal('UNAUTHENTICATED', { detail: 'This API key does not work (any more).' });
  const area = access.to === 'roles' ? access.area : undefined;
  if (area === undefined) throw new Refusal('KEY_SCOPE', { detail: 'This is for people: no API key opens it.' });
  const needed = scopeFor(area, request.method);
  if (!key.scopes.includes(needed)) throw new Refusal('KEY_SCOPE', { detail: `It needs ${needed}.` });
  keyIds.set(request, key.id);
  return { userId: key.merchantId, kind: 'user', role: 'merchant' };
}
