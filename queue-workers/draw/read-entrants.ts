/** The list of entrants out of Redis, in bounded chunks. */
import { DropgateError } from '../../contracts/errors.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { Draw } from '../../reservation-core/draw.ts';
import { packRecords } from './records.ts';

export async function readEntrants(
  draw: Draw,
  dropId: string,
  listed: number,
  until: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const packed: Uint8Array<ArrayBuffer>[] = [];
  let read = 0;
  while (read < listed) {
    until.throwIfAborted();
    const records = await draw.entrants(dropId, read, LIMITS.drawReadBatch);
    if (records.length === 0) break;
    packed.push(packRecords(records));
    read += records.length;
  }
  // A list that is closed neither grows nor shrinks.
  if (read !== listed) {
    throw new DropgateError('INTERNAL', `the list of entrants of ${dropId} has ${read} records instead of ${listed}`);
  }
  return packed;
}
