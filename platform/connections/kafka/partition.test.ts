import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { partitionOf } from './partition.ts';

const reference: unknown = createRequire(import.meta.url)('kafkajs/src/producer/partitioners/default/murmur2.js');

it('chooses as the Java client and kafkajs do, for keys of every length', () => {
  if (typeof reference !== 'function') throw new Error('kafkajs has moved its murmur2');
  for (let length = 0; length < 200; length += 1) {
    const key = Buffer.from(crypto.getRandomValues(new Uint8Array(length)));
    expect(partitionOf(key, 7)).toBe((Number(reference(key)) & 0x7fffffff) % 7);
  }
});
