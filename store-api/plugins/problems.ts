/** Every error leaves as a problem document (RFC 9457) with a code from the catalogue. */
import type { FastifyError, FastifyReply } from 'fastify';
import Type from 'typebox';
import { DropgateError, describeError, type ErrorCode } from '../../contracts/errors.ts';
import type { StoreApp } from '../services.ts';

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

export function refuse(reply: FastifyReply, code: ErrorCode, detail?: string): FastifyReply {
  const { status, text, retryable } = describeError(code);
  if (retryable && status === 503) reply.header('retry-after', '1');
  return reply
    .code(status)
    .type('application/problem+json')
    .send({ type: `urn:dropgate:${code}`, title: text, status, code, ...(detail === undefined ? {} : { detail }) });
}

export function installProblems(app: StoreApp): void {
  app.setNotFoundHandler((_request, reply) => refuse(reply, 'NOT_FOUND'));
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error.validation !== undefined) return refuse(reply, 'INVALID', error.message);
    if (error instanceof DropgateError) {
      if (describeError(error.code).status >= 500) request.log.error({ err: error }, 'a request failed');
      return refuse(reply, error.code);
    }
    const code = codeOfStatus(error.statusCode);
    if (code === 'INTERNAL') request.log.error({ err: error }, 'a request failed');
    return refuse(reply, code);
  });
}

/** Fastify's own refusals: a body that is no JSON, too large, of an unknown type. */
function codeOfStatus(status: number | undefined): ErrorCode {
  if (status === 413) return 'TOO_LARGE';
  if (status === 429) return 'RATE_LIMITED';
  return status !== undefined && status >= 400 && status < 500 ? 'INVALID' : 'INTERNAL';
}
