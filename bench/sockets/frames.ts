/** WebSocket frames of a client (RFC 6455), as little of it as the line needs: whole text frames, ping, close. */
import { randomFillSync } from 'node:crypto';

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

const FIN = 0x80;
const MASKED = 0x80;
const MASK_BYTES = 4;
const SHORT_HEADER = 2;
const LONG_HEADER = 4;
const SHORT = 125;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
const MOST_BYTES = 65_535;

/** Masks come from a pool: one call into the system's generator for many frames. */
const masks = Buffer.alloc(4_096);
let nextMask = masks.length;

/** Written into its frame at once: a generator makes tens of thousands of these in a second. */
export function encodeTextFrame(text: string): Buffer {
  const { frame, start } = startFrame(OPCODE.text, Buffer.byteLength(text));
  frame.write(text, start);
  return mask(frame, start);
}

export function encodeFrame(opcode: number, payload: Uint8Array): Buffer {
  const { frame, start } = startFrame(opcode, payload.length);
  frame.set(payload, start);
  return mask(frame, start);
}

/** All but its payload, which begins at `start`; the mask stands before it. */
function startFrame(opcode: number, length: number): { readonly frame: Buffer; readonly start: number } {
  if (length > MOST_BYTES) throw new RangeError(`A frame of ${length} bytes is more than the line takes.`);
  const header = length > SHORT ? LONG_HEADER : SHORT_HEADER;
  const start = header + MASK_BYTES;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = FIN | opcode;
  if (header === SHORT_HEADER) frame[1] = MASKED | length;
  else {
    frame[1] = MASKED | LENGTH_16;
    frame.writeUInt16BE(length, SHORT_HEADER);
  }
  if (nextMask === masks.length) {
    randomFillSync(masks);
    nextMask = 0;
  }
  for (let at = 0; at < MASK_BYTES; at += 1) frame[header + at] = masks[nextMask + at] ?? 0;
  nextMask += MASK_BYTES;
  return { frame, start };
}

function mask(frame: Buffer, start: number): Buffer {
  const key = start - MASK_BYTES;
  for (let at = start; at < frame.length; at += 1) {
    frame[at] = (frame[at] ?? 0) ^ (frame[key + ((at - start) & 3)] ?? 0);
  }
  return frame;
}

/** Gets each frame's payload as a range of bytes that are only good during the call. */
export type OnFrame = (opcode: number, bytes: Buffer, from: number, to: number) => void;

export interface FrameReader {
  /** Takes what arrived; a frame that is not whole yet waits for the next bytes. */
  read(chunk: Buffer): void;
}

export function createFrameReader(onFrame: OnFrame): FrameReader {
  let rest: Buffer | undefined;
  return {
    read(chunk) {
      const bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      for (;;) {
        const from = at + headerBytesAt(bytes, at);
        const to = from > bytes.length ? from : from + payloadBytesAt(bytes, at);
        if (to > bytes.length) break;
        onFrame((bytes[at] ?? 0) & 0x0f, bytes, from, to);
        at = to;
      }
      // The chunk's memory is shared with other sockets, so what waits is copied.
      rest = at === bytes.length ? undefined : Buffer.from(bytes.subarray(at));
    },
  };
}

function headerBytesAt(bytes: Buffer, at: number): number {
  if (at + SHORT_HEADER > bytes.length) return SHORT_HEADER;
  const short = (bytes[at + 1] ?? 0) & ~MASKED;
  if (short === LENGTH_64 || ((bytes[at] ?? 0) & FIN) === 0) {
    throw new Error('The edge sends frames that the line does not have.');
  }
  return short === LENGTH_16 ? LONG_HEADER : SHORT_HEADER;
}

function payloadBytesAt(bytes: Buffer, at: number): number {
  const short = (bytes[at + 1] ?? 0) & ~MASKED;
  return short === LENGTH_16 ? bytes.readUInt16BE(at + SHORT_HEADER) : short;
}
