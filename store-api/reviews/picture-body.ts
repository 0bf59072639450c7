/** The bytes of a picture from a request. */
import { Readable } from 'node:stream';
import { LIMITS } from '../../contracts/limits.ts';
import { Refusal } from '../plugins/problems.ts';

export function streamOf(body: unknown): Readable {
  if (body instanceof Readable) return body;
  throw new Refusal('INVALID', {
    detail: 'The picture itself is expected as the body: image/jpeg, image/png or image/webp.',
  });
}

/** All of it, or TOO_LARGE as soon as there is too much. */
export async function bytesOf(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    if (!Buffer.isBuffer(chunk)) throw new Refusal('INVALID');
    bytes += chunk.length;
    if (bytes > LIMITS.imageBytes) throw new Refusal('TOO_LARGE', { detail: `At most ${LIMITS.imageBytes} bytes.` });
    chunks.push(chunk);
  }
  if (bytes === 0) throw new Refusal('INVALID', { detail: 'The body is empty.' });
  return Buffer.concat(chunks);
}

/**
 * Says that a picture of this account begins to arrive, and gives back how to say that it is over. Beyond so many at once, in
 * all or of one account, the answer is BUSY.
 */
export function createPicturesInHand(): (userId: string) => () => void {
  const inHand = new Map<string, number>();
  let all = 0;
  const add = (userId: string, count: number): void => {
    all += count;
    const own = (inHand.get(userId) ?? 0) + count;
    if (own === 0) inHand.delete(userId);
    else inHand.set(userId, own);
  };
  return (userId) => {
    const isFull = all >= LIMITS.imagesArriving || (inHand.get(userId) ?? 0) >= LIMITS.imagesArrivingOfOne;
    if (isFull) throw new Refusal('BUSY', { retryAfterSeconds: 2, detail: 'Send fewer pictures at once.' });
    add(userId, 1);
    return () => add(userId, -1);
  };
}
