/**
 * Records of entrants on their way to the thread: each with its length in front, many in one array that is handed over
 * without a copy. A million strings would be copied one by one, by the loop that also keeps the lead.
 */
import { DropgateError } from '../../contracts/errors.ts';

const LENGTH_BYTES = 2;
const BAR = 0x7c;
const ID_HEX = 32;

export function packRecords(records: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = records.reduce((sum, record) => sum + LENGTH_BYTES + record.length, 0);
  const packed = new Uint8Array(bytes);
  const view = new DataView(packed.buffer);
  let at = 0;
  for (const record of records) {
    view.setUint16(at, record.length);
    packed.set(record, at + LENGTH_BYTES);
    at += LENGTH_BYTES + record.length;
  }
  return packed;
}

export interface IndexedRecords {
  readonly count: number;
  at(index: number): Buffer;
}

/** Where each record begins, in eight bytes each; an object for each would take 200. */
export function indexRecords(packed: readonly Uint8Array[]): IndexedRecords {
  const chunks = packed.map((chunk) => Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
  const count = chunks.reduce((sum, chunk) => sum + countRecords(chunk), 0);
  const chunkOf = new Uint32Array(count);
  const offsets = new Uint32Array(count);
  let index = 0;
  for (const [at, chunk] of chunks.entries()) {
    for (let from = 0; from < chunk.length; from += LENGTH_BYTES + chunk.readUInt16BE(from)) {
      chunkOf[index] = at;
      offsets[index] = from;
      index += 1;
    }
  }
  return {
    count,
    at(wanted) {
      const chunk = chunks[chunkOf[wanted] ?? 0] ?? Buffer.alloc(LENGTH_BYTES);
      const from = offsets[wanted] ?? 0;
      return chunk.subarray(from + LENGTH_BYTES, from + LENGTH_BYTES + chunk.readUInt16BE(from));
    },
  };
}

function countRecords(chunk: Buffer): number {
  let count = 0;
  for (let from = 0; from < chunk.length; from += LENGTH_BYTES + chunk.readUInt16BE(from)) count += 1;
  return count;
}

export interface EntrantRecord {
  readonly lane: Buffer;
  readonly shopperId: Buffer;
  readonly nonce: Buffer;
}

/** A nonce may hold anything, a bar as well: it comes last. */
export function parseRecord(record: Buffer): EntrantRecord {
  const laneEnd = record.indexOf(BAR, ID_HEX + 1);
  const shopperEnd = record.indexOf(BAR, laneEnd + 1);
  if (record[ID_HEX] !== BAR || laneEnd === -1 || shopperEnd === -1) {
    throw new DropgateError('INTERNAL', 'a record in the list of entrants has not the form that it must have');
  }
  return {
    lane: record.subarray(ID_HEX + 1, laneEnd),
    shopperId: record.subarray(laneEnd + 1, shopperEnd),
    nonce: record.subarray(shopperEnd + 1),
  };
}

export function writeEntrantId(record: Buffer, target: Buffer, at: number): void {
  if (target.write(record.toString('latin1', 0, ID_HEX), at, 'hex') !== ID_HEX / 2) {
    throw new DropgateError('INTERNAL', 'a record in the list of entrants does not begin with the id of an entrant');
  }
}
