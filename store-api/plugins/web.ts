/** How the store meets the web: security headers, other origins, ids of requests, and what it refuses when it is overloaded. */
import { getHeapStatistics } from 'node:v8';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import underPressure from '@fastify/under-pressure';
import type { FastifyRequest } from 'fastify';
import { LIMITS } from '../../contracts/limits.ts';
import type { StoreApp } from '../store-app.ts';
import { Refusal } from './problems.ts';

export const RUNNING_PATHS: ReadonlySet<string> = new Set(['/health', '/ready']);

export interface StoreWeb {
  /** Origins whose pages may call, or `*`. */
  readonly origins: readonly string[];
  /** Whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  /** Whom no rate limit holds up. */
  readonly unlimited: readonly string[];
  /** How long a request waits for what all stores together have counted; then this one counts alone. */
  readonly countDeadlineMs: number;
  /** Whether the schemas of all routes are compiled before the first call. */
  readonly compileAtStart: boolean;
  readonly overload: { readonly eventLoopDelayMs: number; readonly heapBytes: number };
}

export const WEB_DEFAULTS: StoreWeb = {
  origins: ['*'],
  trustedProxies: [],
  unlimited: ['127.0.0.0/8', '::1'],
  countDeadlineMs: LIMITS.budgetDeadlineMs,
  compileAtStart: false,
  overload: { eventLoopDelayMs: LIMITS.storeEventLoopDelayMs, heapBytes: heapLimit() * LIMITS.storeHeapShare },
};

function heapLimit(): number {
  return getHeapStatistics().heap_size_limit;
}

const REQUEST_ID = /^[A-Za-z0-9._-]{8,64}$/;
/** What a page of another origin may read of an answer. */
const READABLE = ['etag', 'location', 'retry-after', 'x-request-id', 'x-shed'];

/** An id that a proxy gave is kept where it is harmless, so that both logs tell of the same request. */
export function requestIdOf(headers: Readonly<Record<string, unknown>>, newId: () => string): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : newId();
}

/** Two samples in a row say that it lasts; one long block, such as the start of the process, is over when it is told. */
const SAMPLE_MS = 500;
const IN_A_ROW_MS = 10 * SAMPLE_MS;

function createPressureHandler() {
  let last = { value: 0, atMs: Number.NEGATIVE_INFINITY, lasts: false };
  return (request: FastifyRequest, _reply: unknown, _type: string, value: number | undefined): void => {
    const atMs = performance.now();
    if (value !== last.value) last = { value: value ?? 0, atMs, lasts: atMs - last.atMs < IN_A_ROW_MS };
    // Whether the process lives is asked of it especially when it is busy.
    if (!last.lasts || RUNNING_PATHS.has(request.url)) return;
    throw new Refusal('BUSY', { detail: 'The store is overloaded.' });
  };
}

export async function installWeb(app: StoreApp, { origins, overload }: StoreWeb): Promise<void> {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  // Pages of other origins may show what the API answers; cors says which ones may read it.
  await app.register(helmet, { crossOriginResourcePolicy: { policy: 'cross-origin' } });
  await app.register(cors, {
    origin: origins.includes('*') ? '*' : [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'if-match', 'if-none-match', 'x-request-id'],
    exposedHeaders: READABLE,
    maxAge: 600,
  });
  await app.register(underPressure, {
    maxEventLoopDelay: overload.eventLoopDelayMs,
    maxHeapUsedBytes: overload.heapBytes,
    sampleInterval: SAMPLE_MS,
    pressureHandler: createPressureHandler(),
  });
}
