import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { toHex } from './bytes.ts';
import { auditPath, chunkRoots, HASH_BYTES, layersOf, merkleRoot, rootOfPath } from './merkle.ts';

const sha256 = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

function leavesOf(count: number): Uint8Array {
  return Buffer.concat(Array.from({ length: count }, (_, at) => sha256(Buffer.from(`leaf ${at}`))));
}

/** The tree as RFC 6962 defines it: split at the largest power of two below the number of leaves. */
function rootByTheBook(leaves: Uint8Array): Uint8Array {
  const count = leaves.length / HASH_BYTES;
  if (count === 0) return sha256();
  if (count === 1) return leaves;
  let split = 1;
  while (split * 2 < count) split *= 2;
  const [left, right] = [leaves.subarray(0, split * HASH_BYTES), leaves.subarray(split * HASH_BYTES)];
  return sha256(Uint8Array.of(1), rootByTheBook(left), rootByTheBook(right));
}

describe('a Merkle tree', () => {
  it.each([0, 1, 2, 3, 5, 7, 8, 9, 127, 128, 129, 255, 257, 1_000])('of %i leaves is that of RFC 6962', (count) => {
    const leaves = leavesOf(count);
    expect(toHex(merkleRoot(leaves))).toBe(toHex(rootByTheBook(leaves)));
    expect(toHex(merkleRoot(chunkRoots(leaves, 8)))).toBe(toHex(rootByTheBook(leaves)));
  });

  it('gives each leaf a path to the root, through its chunk as well', () => {
    for (const count of [1, 2, 3, 6, 7, 13, 64, 65, 100]) {
      const leaves = leavesOf(count);
      const root = toHex(merkleRoot(leaves));
      const above = layersOf(chunkRoots(leaves, 8));
      for (let index = 0; index < count; index += 1) {
        const leaf = leaves.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);
        const path = auditPath(layersOf(leaves), index);
        expect(toHex(rootOfPath({ leaf, index, leaves: count, path }) ?? new Uint8Array())).toBe(root);
        const chunk = Math.floor(index / 8);
        const inChunk = layersOf(leaves.subarray(chunk * 8 * HASH_BYTES, (chunk + 1) * 8 * HASH_BYTES));
        expect([...auditPath(inChunk, index % 8), ...auditPath(above, chunk)].map(toHex)).toEqual(path.map(toHex));
      }
    }
  });

  it('does not let a path lead anywhere else', () => {
    const leaves = leavesOf(13);
    const root = toHex(merkleRoot(leaves));
    const leaf = leaves.subarray(5 * HASH_BYTES, 6 * HASH_BYTES);
    const path = auditPath(layersOf(leaves), 5);
    const leadsTo = (changes: Partial<Parameters<typeof rootOfPath>[0]>): string =>
      toHex(rootOfPath({ leaf, index: 5, leaves: 13, path, ...changes }) ?? new Uint8Array());
    expect(leadsTo({})).toBe(root);
    expect(leadsTo({ index: 4 })).not.toBe(root);
    expect(leadsTo({ index: 13 })).toBe('');
    expect(leadsTo({ index: -1 })).toBe('');
    expect(leadsTo({ leaf: leaves.subarray(0, HASH_BYTES) })).not.toBe(root);
    expect(leadsTo({ path: path.slice(1) })).not.toBe(root);
    expect(leadsTo({ path: [...path, leaf] })).toBe('');
    expect(leadsTo({ path: path.toReversed() })).not.toBe(root);
    // A node of the tree is no leaf of it: they are hashed with other first bytes.
    const [partner] = path;
    const node = sha256(Uint8Array.of(1), partner ?? leaf, leaf);
    expect(leadsTo({ leaf: node, path: path.slice(1) })).not.toBe(root);
  });
});
