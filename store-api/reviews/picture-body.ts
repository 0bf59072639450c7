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

/** Says that a picture is begun, and gives back how to say that it is over. Beyond so many at once the answer is BUSY. */
export function createPicturesInHand(): () => () => void {
  let inHand = 0;
  return () => {
    if (inHand >= LIMITS.imagesAtOnce) throw new Refusal('BUSY', { retryAfterSeconds: 2 });
    inHand += 1;
    return () => {
      inHand -= 1;
    };
  };
}
