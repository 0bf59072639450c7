/** ETags: a read that has not changed is answered with 304, a change says what it was made from. */
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

const HASH_CHARS = 22;

/** As `onSend` of a read. A version that the route set as its ETag begins it. */
export async function tagAnswer(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  if (reply.statusCode !== 200 || typeof payload !== 'string') return payload;
  const hash = createHash('sha256').update(payload).digest('base64url').slice(0, HASH_CHARS);
  const version = reply.getHeader('etag');
  const etag = version === undefined ? `"${hash}"` : `"${String(version)}.${hash}"`;
  reply.header('etag', etag);
  if (!isAmong(request.headers['if-none-match'], etag)) return payload;
  reply.code(304).removeHeader('content-type');
  reply.removeHeader('content-length');
  return null;
}

function isAmong(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}

export type Expected = { readonly version: number | 'any' } | 'missing' | 'malformed';

/** The version that an If-Match names. */
export function expectedVersion(request: FastifyRequest): Expected {
  const header = request.headers['if-match'];
  if (header === undefined) return 'missing';
  if (header.trim() === '*') return { version: 'any' };
  const version = /^"(?<version>\d{1,9})(?:\.[\w-]*)?"$/.exec(header.trim())?.groups?.['version'];
  return version === undefined ? 'malformed' : { version: Number(version) };
}

/** For everybody the same, and right soon after a change: a page that is asked for a lot is answered by caches on the way. */
export const PUBLIC_LIST = 'public, max-age=5, stale-while-revalidate=30';
export const PUBLIC_THING = 'public, max-age=10, stale-while-revalidate=60';
/** Asked for anew each time, which an unchanged ETag makes cheap. */
export const PRIVATE = 'private, no-cache';

export function varyByLanguage(reply: FastifyReply): FastifyReply {
  const before = reply.getHeader('vary');
  return reply.header('vary', before === undefined ? 'accept-language' : `${String(before)}, accept-language`);
}
