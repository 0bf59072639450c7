/** The draw as a whole: what it is, that it is fair, and that no part of it can be changed unnoticed. */
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { commitOf, drawKey } from './algorithm.ts';
import { compareBytes, fromHex, sortedIndexes, toHex } from './bytes.ts';
import { CHUNK_ENTRANTS, decodeChunk, encodeChunk } from './chunk.ts';
import { ENTRANT_ID_BYTES, entrantIdOf } from './entrant.ts';
import { createEntrantListBuilder, type EntrantList, idAt, laneAt } from './entrant-list.ts';
import { entrantLeaves, placeLeaves } from './leaves.ts';
import { chunkRoots, layersOf, merkleRoot } from './merkle.ts';
import { drawPlaces } from './places.ts';
import { proofOf, proofProblems } from './proof.ts';

const ITERATIONS = 100;
const seedOf = (text: string): Uint8Array => createHash('sha256').update(text).digest();

interface Entrant {
  readonly entrantId: string;
  readonly lane: string;
  readonly nonce: string;
}

const entrantsOf = (count: number): Entrant[] =>
  Array.from({ length: count }, (_, at) => ({
    entrantId: entrantIdOf(`ticket ${at}`),
    lane: at % 5 === 0 ? 'gold' : 'main',
    nonce: `n-${at} ☂|`,
  }));

function listOf(entrants: readonly Entrant[]): EntrantList {
  const builder = createEntrantListBuilder(entrants.length);
  const sorted = entrants.toSorted((one, two) => (one.entrantId < two.entrantId ? -1 : 1));
  for (const { entrantId, lane, nonce } of sorted) builder.append(fromHex(entrantId), lane, Buffer.from(nonce));
  return builder.finish();
}

function drawn(entrants: readonly Entrant[], seed: Uint8Array) {
  const list = listOf(entrants);
  const root = merkleRoot(entrantLeaves(list));
  const places = drawPlaces(list, drawKey(seed, root, ITERATIONS));
  return { list, root: toHex(root), places, placesRoot: toHex(merkleRoot(placeLeaves(list, places))) };
}

/** docs/FAIRNESS.md once more, with nothing but hashes: what somebody else would write to check us. */
function placesByTheBook(entrants: readonly Entrant[], seed: Uint8Array): Map<string, number> {
  const sha256 = (...parts: (string | Uint8Array)[]): Buffer =>
    createHash('sha256')
      .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
      .digest();
  const sorted = entrants.toSorted((one, two) => (one.entrantId < two.entrantId ? -1 : 1));
  const leaves = sorted.map(({ entrantId, lane, nonce }) =>
    sha256(Uint8Array.of(0), Buffer.from(entrantId, 'hex'), Uint8Array.of(lane.length), lane, nonce),
  );
  const tree = (nodes: readonly Buffer[]): Buffer => {
    if (nodes.length === 1) return nodes[0] ?? Buffer.alloc(0);
    let split = 1;
    while (split * 2 < nodes.length) split *= 2;
    return sha256(Uint8Array.of(1), tree(nodes.slice(0, split)), tree(nodes.slice(split)));
  };
  const key = pbkdf2Sync(seed, tree(leaves), ITERATIONS, 32, 'sha256');
  const drawValueOf = ({ entrantId }: Entrant): string =>
    createHmac('sha256', key).update(Buffer.from(entrantId, 'hex')).digest('hex').slice(0, 32);
  const places = new Map<string, number>();
  for (const lane of new Set(entrants.map((entrant) => entrant.lane))) {
    const values = entrants
      .filter((one) => one.lane === lane)
      .map((one) => ({ id: one.entrantId, value: drawValueOf(one) }));
    values.sort((one, two) => (one.value < two.value ? -1 : 1));
    for (const [rank, { id }] of values.entries()) places.set(id, rank + 1);
  }
  return places;
}

describe('the draw', () => {
  it('is what docs/FAIRNESS.md says', () => {
    const entrants = entrantsOf(1_000);
    const { list, places } = drawn(entrants, seedOf('one'));
    const byTheBook = placesByTheBook(entrants, seedOf('one'));
    for (let at = 0; at < list.count; at += 1) expect(places[at]).toBe(byTheBook.get(toHex(idAt(list, at))));
  });

  it('never changes its mind: the same list and seed give the same roots for ever', () => {
    const { root, placesRoot } = drawn(entrantsOf(300), seedOf('for ever'));
    expect({ root, placesRoot }).toEqual({
      root: 'f190628d51ce6a9f92cfdb9a6eac6a785aa1bd895a79a7878710684d24f8dbdc',
      placesRoot: '5b2e2f79f25aa485700371382ea68d8fc576116fb6ddff2219bea2f99dd3ca6c',
    });
  });

  it('does not depend on the order of joining', () => {
    const entrants = entrantsOf(500);
    expect(drawn(entrants.toReversed(), seedOf('one'))).toEqual(drawn(entrants, seedOf('one')));
  });

  it('is another one when one nonce, one lane or the seed is another one', () => {
    const entrants = entrantsOf(500);
    const { root, placesRoot } = drawn(entrants, seedOf('one'));
    const [first, ...others] = entrants;
    if (first === undefined) throw new Error('there is nobody');
    for (const change of [{ nonce: 'ground' }, { lane: 'main' }, { entrantId: '0'.repeat(32) }]) {
      const other = drawn([{ ...first, ...change }, ...others], seedOf('one'));
      expect(other.root).not.toBe(root);
      expect(other.placesRoot).not.toBe(placesRoot);
    }
    expect(drawn(others, seedOf('one')).root).not.toBe(root);
    const otherSeed = drawn(entrants, seedOf('two'));
    expect(commitOf(seedOf('two'))).not.toBe(commitOf(seedOf('one')));
    expect(otherSeed.root).toBe(root);
    expect(otherSeed.placesRoot).not.toBe(placesRoot);
  });

  it('has no room for somebody twice, or out of order', () => {
    const [one, two] = entrantsOf(2).toSorted((a, b) => (a.entrantId < b.entrantId ? -1 : 1));
    const builder = createEntrantListBuilder(3);
    builder.append(fromHex(two?.entrantId ?? ''), 'main', Buffer.from('n'));
    for (const again of [one, two]) {
      expect(() => builder.append(fromHex(again?.entrantId ?? ''), 'main', Buffer.from('n'))).toThrow('not behind');
    }
  });
});

describe('a place', () => {
  /**
   * 100,000 entrants by the tenth of joining that they came in and the tenth of places that they got: 100 fields of about
   * 1,000. With 81 degrees of freedom, chi-square is above 126.1 in one of a thousand fair draws; the seeds are fixed.
   */
  it.each(['a', 'b', 'c'])('is not predicted by when its entrant joined (seed %s)', (name) => {
    const count = 100_000;
    const ids = Array.from({ length: count }, (_, at) => entrantIdOf(`joined ${at}`));
    const joinedAt = new Map(ids.map((id, at) => [id, at]));
    const { list, places } = drawn(
      ids.map((entrantId, at) => ({ entrantId, lane: 'main', nonce: String(at) })),
      seedOf(name),
    );
    const fields = new Array<number>(100).fill(0);
    for (let at = 0; at < count; at += 1) {
      const joined = Math.floor(((joinedAt.get(toHex(idAt(list, at))) ?? 0) * 10) / count);
      const place = Math.floor((((places[at] ?? 0) - 1) * 10) / count);
      const field = joined * 10 + place;
      fields[field] = (fields[field] ?? 0) + 1;
    }
    const expected = count / 100;
    const chiSquare = fields.reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(126.1);
    // Neither too even to be chance: below 45.6 in one of a thousand.
    expect(chiSquare).toBeGreaterThan(45.6);
  });

  it('is given once in each lane', () => {
    const { list, places } = drawn(entrantsOf(777), seedOf('lanes'));
    for (const lane of ['gold', 'main']) {
      const given = [...places].filter((_, at) => laneAt(list, at) === lane).toSorted((one, two) => one - two);
      expect(given).toEqual(given.map((_, at) => at + 1));
    }
  });
});

describe('a proof', () => {
  const entrants = entrantsOf(1_000);
  const { list, root, places, placesRoot } = drawn(entrants, seedOf('proof'));
  const told = { root, placesRoot, entrants: list.count };
  const layers = {
    entrantLayers: layersOf(chunkRoots(entrantLeaves(list), CHUNK_ENTRANTS)),
    placeLayers: layersOf(chunkRoots(placeLeaves(list, places), CHUNK_ENTRANTS)),
  };
  const proofAt = (at: number) => {
    const chunk = Math.floor(at / CHUNK_ENTRANTS);
    const stored = decodeChunk(encodeChunk(list, places, chunk));
    const proof = proofOf(toHex(idAt(list, at)), { ...layers, entrants: list.count, chunk, drawn: stored });
    if (proof === undefined) throw new Error(`there is no proof for ${at}`);
    return proof;
  };

  it('holds for each entrant', () => {
    for (let at = 0; at < list.count; at += 1) {
      const proof = proofAt(at);
      expect(proof).toMatchObject({ index: at, place: places[at] });
      expect(proofProblems(proof, told)).toEqual([]);
    }
  });

  it('does not hold once anything in it, or what was told, is changed', () => {
    const proof = proofAt(500);
    const [one, ...path] = proof.entrantPath;
    const [two, ...placePath] = proof.placePath;
    const changes = [
      ...[{ place: proof.place + 1 }, { nonce: 'x' }, { lane: 'other' }, { index: 499 }, { index: 1_000 }],
      ...[{ entrants: 999 }, { entrantId: '0'.repeat(32) }],
      ...[{ entrantPath: path }, { placePath }],
      ...[{ entrantPath: [two ?? '', ...path] }, { placePath: [one ?? '', ...placePath] }],
    ];
    for (const change of changes) expect(proofProblems({ ...proof, ...change }, told)).not.toEqual([]);
    for (const change of [{ root: placesRoot }, { placesRoot: root }, { entrants: 1_001 }]) {
      expect(proofProblems(proof, { ...told, ...change })).not.toEqual([]);
    }
  });

  it('is there for entrants only', () => {
    const stored = decodeChunk(encodeChunk(list, places, 0));
    const source = { ...layers, entrants: list.count, chunk: 0, drawn: stored };
    expect(proofOf(entrantIdOf('nobody'), source)).toBeUndefined();
  });
});

describe('the order of bytes', () => {
  it('is that of their values, also where the first four are alike', () => {
    const hex = ['00000000ff', '0000000001', 'ffffffff00', '7fffffff00', '8000000000', '0000000001'];
    const items = Buffer.from(hex.join(''), 'hex');
    expect([...sortedIndexes(items, 5)]).toEqual([1, 5, 0, 3, 4, 2]);
    expect(compareBytes(Uint8Array.of(1), Uint8Array.of(1, 0))).toBeLessThan(0);
    expect(() => fromHex('0g')).toThrow(RangeError);
    expect(idAt(listOf(entrantsOf(1)), 0)).toHaveLength(ENTRANT_ID_BYTES);
  });

  it('refuses a chunk that is cut short', () => {
    const list = listOf(entrantsOf(3));
    const chunk = encodeChunk(list, Uint32Array.of(1, 1, 2), 0);
    expect(decodeChunk(chunk)).toHaveLength(3);
    expect(() => decodeChunk(chunk.subarray(0, -1))).toThrow('cut short');
  });
});
