/** Files take a while and a lot: so many at once, each of so many bytes. */
import { type Readable, Transform } from 'node:stream';
import { LIMITS } from '../../contracts/limits.ts';
import { Refusal } from '../plugins/problems.ts';

/** Says that a file is begun, and gives back how to say that it is over. Beyond so many at once the answer is BUSY. */
export function createFilesInHand(): () => () => void {
  let inHand = 0;
  return () => {
    if (inHand >= LIMITS.catalogFilesAtOnce) throw new Refusal('BUSY');
    inHand += 1;
    let isOver = false;
    return () => {
      if (!isOver) inHand -= 1;
      isOver = true;
    };
  };
}

export function bounded(body: Readable): Readable {
  let bytes = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, passed) {
      bytes += chunk.length;
      passed(bytes > LIMITS.importBytes ? new Refusal('TOO_LARGE') : null, chunk);
    },
  });
  body.on('error', (error) => counter.destroy(error));
  return body.pipe(counter);
}
