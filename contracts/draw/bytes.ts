/** Bytes in the order of their values, and as hex. */
export function compareBytes(one: Uint8Array, two: Uint8Array): number {
  const shared = Math.min(one.length, two.length);
  for (let at = 0; at < shared; at += 1) {
    const difference = (one[at] ?? 0) - (two[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return one.length - two.length;
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}

/** Throws where the text is not hex: half of a hash is no hash. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw new RangeError('this is no hex text in small letters');
  return new Uint8Array(Buffer.from(text, 'hex'));
}

/** The first four bytes of each item as a number: enough to sort by, but for a few that are alike there. */
export function firstWords(items: Uint8Array, itemBytes: number): Uint32Array<ArrayBuffer> {
  const view = new DataView(items.buffer, items.byteOffset, items.length);
  const words = new Uint32Array(items.length / itemBytes);
  for (let at = 0; at < words.length; at += 1) words[at] = view.getUint32(at * itemBytes);
  return words;
}

/** The indexes of items of equal length in the order of their bytes; equal ones stay in their own order. */
export function sortedIndexes(items: Uint8Array, itemBytes: number): Uint32Array<ArrayBuffer> {
  const words = firstWords(items, itemBytes);
  const item = (at: number): Uint8Array => items.subarray(at * itemBytes, (at + 1) * itemBytes);
  const indexes = new Uint32Array(words.length);
  for (let at = 0; at < indexes.length; at += 1) indexes[at] = at;
  return indexes.sort((one, two) => {
    const difference = (words[one] ?? 0) - (words[two] ?? 0);
    return difference !== 0 ? difference : compareBytes(item(one), item(two)) || one - two;
  });
}
