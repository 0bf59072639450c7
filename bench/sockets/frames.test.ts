import { describe, expect, it } from 'vitest';
import { createFrameReader, encodeFrame, encodeTextFrame, OPCODE } from './frames.ts';

function unmask(frame: Buffer): string {
  const header = ((frame[1] ?? 0) & 0x7f) === 126 ? 4 : 2;
  const mask = frame.subarray(header, header + 4);
  return Buffer.from(frame.subarray(header + 4).map((byte, at) => byte ^ (mask[at & 3] ?? 0))).toString();
}

function fromServer(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const header =
    length > 125 ? Buffer.from([0x80 | opcode, 126, length >> 8, length & 0xff]) : Buffer.from([0x80 | opcode, length]);
  return Buffer.concat([header, payload]);
}

describe('a frame of a client', () => {
  it.each(['', 'a', 'größer', 'x'.repeat(125), 'x'.repeat(126), 'y'.repeat(4_096)])(
    'is masked and whole: %#',
    (text) => {
      const frame = encodeTextFrame(text);
      expect(frame[0]).toBe(0x81);
      expect((frame[1] ?? 0) & 0x80).toBe(0x80);
      expect(unmask(frame)).toBe(text);
    },
  );

  it('has another mask each time, also beyond the pool of masks', () => {
    const masks = new Set(Array.from({ length: 3_000 }, () => encodeTextFrame('a').readUInt32BE(2)));
    expect(masks.size).toBeGreaterThan(2_990);
  });

  it('is refused when it is longer than the line takes', () => {
    expect(() => encodeFrame(OPCODE.text, Buffer.alloc(70_000))).toThrow(RangeError);
  });
});

describe('frames of the edge', () => {
  const texts = ['{"t":"welcome"}', '', 'x'.repeat(125), 'x'.repeat(126), 'z'.repeat(3_000)];
  const bytes = Buffer.concat(texts.map((text) => fromServer(OPCODE.text, Buffer.from(text))));

  it.each([1, 2, 3, 7, 128, 1_000, 200_000])('are read whole from pieces of %i bytes', (size) => {
    const read: string[] = [];
    const reader = createFrameReader((_opcode, chunk, from, to) => read.push(chunk.toString('utf8', from, to)));
    for (let at = 0; at < bytes.length; at += size) reader.read(bytes.subarray(at, at + size));
    expect(read).toEqual(texts);
  });

  it('outlive the memory that they came in', () => {
    const shared = Buffer.alloc(8);
    const read: string[] = [];
    const reader = createFrameReader((_opcode, chunk, from, to) => read.push(chunk.toString('utf8', from, to)));
    const frame = fromServer(OPCODE.text, Buffer.from('abcdef'));
    for (let at = 0; at < frame.length; at += 1) {
      shared[0] = frame[at] ?? 0;
      reader.read(shared.subarray(0, 1));
    }
    expect(read).toEqual(['abcdef']);
  });

  it('that the line does not have are refused', () => {
    const reader = createFrameReader(() => undefined);
    expect(() => reader.read(Buffer.from([0x01, 0x01, 0x61]))).toThrow('does not have');
    expect(() => reader.read(Buffer.from([0x81, 127, 0, 0, 0, 0, 0, 0, 0, 1]))).toThrow('does not have');
  });
});
