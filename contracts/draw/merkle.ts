/**
 * Merkle trees as of RFC 6962, over leaves that are hashed already: 32 bytes each, one after the other in one array.
 * Folding layer by layer, with a last node without a partner moving up as it is, gives the same tree as the RFC's
 * splitting at powers of two. So the root over the roots of aligned chunks is the root over all leaves, and a proof
 * needs the leaves of one chunk only.
 */
import { createHash, hash } from 'node:crypto';

export const HASH_BYTES = 32;
const NODE_PREFIX = 0x01;

export function merkleRoot(leaves: Uint8Array): Uint8Array {
  if (leaves.length === 0) return createHash('sha256').digest();
  let layer = leaves;
  while (layer.length > HASH_BYTES) layer = foldLayer(layer);
  return layer.slice();
}

/** The roots of chunks of `chunkLeaves` leaves, which has to be a power of two. */
export function chunkRoots(leaves: Uint8Array, chunkLeaves: number): Uint8Array {
  const chunkBytes = chunkLeaves * HASH_BYTES;
  const roots = new Uint8Array(Math.ceil(leaves.length / chunkBytes) * HASH_BYTES);
  for (let at = 0, chunk = 0; at < leaves.length; at += chunkBytes, chunk += 1) {
    roots.set(merkleRoot(leaves.subarray(at, at + chunkBytes)), chunk * HASH_BYTES);
  }
  return roots;
}

/** Every layer of a tree, from the leaves to the root: what paths are read from. */
export function layersOf(leaves: Uint8Array): Uint8Array[] {
  const layers = [leaves];
  for (let layer = leaves; layer.length > HASH_BYTES; ) {
    layer = foldLayer(layer);
    layers.push(layer);
  }
  return layers;
}

/** What has to be hashed together with a leaf, from the bottom up, to come to the root. */
export function auditPath(layers: readonly Uint8Array[], index: number): Uint8Array[] {
  const path: Uint8Array[] = [];
  let at = index;
  for (const layer of layers) {
    const partner = nodeAt(layer, at ^ 1);
    if (partner.length > 0) path.push(partner.slice());
    at = Math.floor(at / 2);
  }
  return path;
}

/** The root that a leaf and its path lead to; undefined when such a path cannot be in a tree of this size. */
export function rootOfPath(options: {
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly leaves: number;
  readonly path: readonly Uint8Array[];
}): Uint8Array | undefined {
  let { leaf: node, index } = options;
  let last = options.leaves - 1;
  if (index < 0 || index > last) return undefined;
  for (const partner of options.path) {
    if (last === 0 || partner.length !== HASH_BYTES) return undefined;
    // The last node of a layer without a partner moved up as it was.
    while (index === last && index % 2 === 0 && last > 0) {
      index = Math.floor(index / 2);
      last = Math.floor(last / 2);
    }
    node = index % 2 === 1 ? parentOf(partner, node) : parentOf(node, partner);
    index = Math.floor(index / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? node : undefined;
}

function foldLayer(layer: Uint8Array): Uint8Array {
  const nodes = layer.length / HASH_BYTES;
  const next = new Uint8Array(Math.ceil(nodes / 2) * HASH_BYTES);
  const pair = new Uint8Array(1 + 2 * HASH_BYTES);
  pair[0] = NODE_PREFIX;
  for (let at = 0; at + 1 < nodes; at += 2) {
    pair.set(layer.subarray(at * HASH_BYTES, (at + 2) * HASH_BYTES), 1);
    next.set(hash('sha256', pair, 'buffer'), (at / 2) * HASH_BYTES);
  }
  if (nodes % 2 === 1) next.set(nodeAt(layer, nodes - 1), next.length - HASH_BYTES);
  return next;
}

function parentOf(left: Uint8Array, right: Uint8Array): Uint8Array {
  return createHash('sha256').update(Uint8Array.of(NODE_PREFIX)).update(left).update(right).digest();
}

function nodeAt(layer: Uint8Array, at: number): Uint8Array {
  return layer.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES);
}
