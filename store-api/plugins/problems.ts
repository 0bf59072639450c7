/** Every error leaves as a problem document (RFC 9457) with a code from the catalogue. */
import type { FastifyError, FastifyReply } from 'fastify';
import Type, { type Static } from 'typebox';
import { DropgateError, describeError, type ErrorCode } from '../../contracts/errors.ts';
import type { StoreApp } from '../store-app.ts';

export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String(),
    detail: Type.Optional(Type.String()),
  },
  { $id: 'Problem', description: 'A problem document as of RFC 9457.' },
);

export function refuse(
  reply: FastifyReply,
  code: ErrorCode,
  detail?: string,
  retryAfterSeconds?: number,
): FastifyReply {
  const { status, retryable } = describeError(code);
  const isLater = status === 503 || status === 429;
  if (retryable && isLater) reply.header('retry-after', String(Math.max(1, Math.ceil(retryAfterSeconds ?? 1))));
  return reply.code(status).type('application/problem+json').send(problemOf(code, detail));
}

export function problemOf(code: ErrorCode, detail?: string): Static<typeof Problem> {
  const { status, text } = describeError(code);
  return { type: `urn:dropgate:${code}`, title: text, status, code, ...(detail === undefined ? {} : { detail }) };
}

/** A refusal from a place that has no reply at hand, such as a hook. */
export class Refusal extends DropgateError {
  readonly detail: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, options: { detail?: string; retryAfterSeconds?: number } = {}) {
    super(code, options.detail ?? code);
    this.name = 'Refusal';
    this.detail = options.detail;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

export function installProblems(app: StoreApp): void {
  app.setNotFoundHandler((_request, reply) => refuse(reply, 'NOT_FOUND'));
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error.validation !== undefined) return refuse(reply, 'INVALID', error.message);
    if (error instanceof Refusal) return refuse(reply, error.code, error.detail, error.retryAfterSeconds);
    const code = error instanceof DropgateError ? error.code : codeOf(error);
    const { status } = describeError(code);
    if (status === 500) request.log.error({ err: error }, 'a request failed');
    else if (status > 500) request.log.warn({ err: error }, 'a request was not answered');
    else if (isOfDatabase(error)) request.log.warn({ err: error }, 'the database refused what the schema let through');
    return refuse(reply, code);
  });
}

/** SQLSTATE: a value that its column cannot hold, that breaks a check, or names what is not there, is its sender's mistake. */
const REFUSED_DATA = /^(22[0-9A-Z]{3}|23503|23514)$/;
/** No connection, too many of them, or a server that is going down. */
const DATABASE_AWAY = /^(08|53|57P)[0-9A-Z]{2,3}$/;
const NETWORK_AWAY = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|REDIS_UNREACHABLE|OBJECTS_UNREACHABLE)$/;

function isOfDatabase({ code }: FastifyError): boolean {
  return typeof code === 'string' && REFUSED_DATA.test(code);
}

function codeOf(error: FastifyError): ErrorCode {
  const { code } = error;
  if (isOfDatabase(error)) return 'INVALID';
  if (typeof code === 'string' && (DATABASE_AWAY.test(code) || NETWORK_AWAY.test(code))) return 'UNAVAILABLE';
  return codeOfStatus(error.statusCode);
}

/** Fastify's own refusals: a body that is no JSON, too large, of an unknown type. */
function codeOfStatus(status: number | undefined): ErrorCode {
  if (status === 413) return 'TOO_LARGE';
  if (status === 429) return 'RATE_LIMITED';
  return status !== undefined && status >= 400 && status < 500 ? 'INVALID' : 'INTERNAL';
}
