/** The best of each of some rows, side by side: row after row with `most` places each, of which `counts` are taken. */
export interface Lists {
  readonly from: number;
  readonly most: number;
  readonly counts: Uint32Array<ArrayBuffer>;
  readonly indexes: Uint32Array<ArrayBuffer>;
  readonly scores: Float32Array<ArrayBuffer>;
}

export function emptyLists(from: number, to: number, most: number): Lists {
  const rows = to - from;
  return {
    from,
    most,
    counts: new Uint32Array(rows),
    indexes: new Uint32Array(rows * most),
    scores: new Float32Array(rows * most),
  };
}

/** Of one row, the best one first. */
export function* listOf(
  { from, most, counts, indexes, scores }: Lists,
  row: number,
): Generator<readonly [number, number]> {
  const base = (row - from) * most;
  for (let at = base; at < base + (counts[row - from] ?? 0); at += 1) yield [indexes[at] ?? 0, scores[at] ?? 0];
}
