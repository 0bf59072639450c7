/**
 * Every call that changes something takes an Idempotency-Key. Where the effect is one transaction the route sees to it
 * (`idempotency: 'own'`, idempotently.ts). For all others, whose effect is elsewhere too (a cart in Redis, a file), the key is
 * written down before the call and its answer after it. What a crash leaves between the two is taken for dead after a
 * lease, and the call can be made again. Answers with secrets in them are not kept at all: `idempotency: 'none'`.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { completeKey, findKey, type KeptAnswer, keepKey } from '../../db/queries/idempotency-keys.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { readAnswer, sendAgain, stillRunning } from './answers.ts';
import { type AskedKey, askedKeyOf } from './asked-key.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Unless said, the answer to a key is kept around the route. */
    idempotency?: 'own' | 'none';
  }
  interface FastifySchema {
    /** The document says that it takes a key. */
    'x-idempotency-key'?: true;
  }
}

type Parts = Pick<StoreServices, 'database' | 'clock'>;
type Begun = Omit<KeptAnswer, 'response' | 'untilMs'>;

const UNSAFE: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
/** What a client needs of an answer besides its body. */
const KEPT_HEADERS = ['content-type', 'etag', 'location'] as const;
/** What is under way; a store sends what it has begun. */
const begun = new WeakMap<FastifyRequest, Begun>();

export function installRepeatedCalls(app: StoreApp, parts: Parts): void {
  app.addHook('onRoute', (route) => {
    const methods = [route.method].flat();
    if (!methods.some((method) => UNSAFE.has(method)) || route.config?.idempotency === 'none') return;
    // Said, not checked by the schema: one more check to compile for each route would take a second of every start.
    route.schema = { ...route.schema, 'x-idempotency-key': true };
  });
  app.addHook('preHandler', async (request, reply) => {
    if (!UNSAFE.has(request.method) || request.routeOptions.config.idempotency !== undefined) return;
    return await answeredOrBegun(parts, request, reply);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const own = begun.get(request);
    if (own === undefined) return;
    begun.delete(request);
    const nowMs = parts.clock.now();
    const kept = { ...own, response: responseOf(reply, payload), untilMs: nowMs + LIFETIMES.idempotencyKeyMs };
    // The effect is there: that its key could not be written changes nothing about the answer.
    await completeKey(parts.database, kept).catch((error: unknown) => {
      request.log.warn({ err: error }, 'the answer to a key was not kept');
    });
  });
}

/**
 * What was answered before, as it was sent just now. Otherwise the key of the call is kept around it from here on: for a route
 * that says `'own'` and has an effect elsewhere in some of its calls.
 */
export async function answeredOrBegun(
  parts: Parts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const asked = askedKeyOf(request);
  if (asked === undefined) return undefined;
  const outcome = await begin(parts, reply, asked);
  if (outcome.again === undefined) begun.set(request, outcome.begun);
  return outcome.again;
}

async function begin(
  { database, clock }: Parts,
  reply: FastifyReply,
  asked: AskedKey,
): Promise<{ again: FastifyReply } | { again: undefined; begun: Begun }> {
  const nowMs = clock.now();
  const begun = { scope: asked.scope, key: asked.key, fingerprint: asked.fingerprint, nowMs };
  const isOurs = await keepKey(database, { ...begun, response: null, untilMs: nowMs + LIFETIMES.idempotencyLeaseMs });
  if (isOurs) return { again: undefined, begun };
  const kept = readAnswer(reply, asked, await findKey(database, asked, nowMs));
  // It was there a moment ago: whoever had it gave it back just now.
  if (kept === undefined) throw stillRunning(reply);
  return { again: sendAgain(reply, kept) };
}

/** Null frees the key: refusals are not kept, and an answer too large to be kept is not given again. */
function responseOf(reply: FastifyReply, payload: unknown): string | null {
  const { statusCode: status } = reply;
  const isText = typeof payload === 'string' && payload.length <= LIMITS.keptAnswerChars;
  const isEmpty = payload === null || payload === undefined;
  if (status >= 400 || !(isText || isEmpty)) return null;
  const headers = KEPT_HEADERS.flatMap((name) => {
    const value = reply.getHeader(name);
    return value === undefined ? [] : [[name, String(value)] as const];
  });
  return JSON.stringify({ status, headers: Object.fromEntries(headers), body: isText ? payload : null });
}
