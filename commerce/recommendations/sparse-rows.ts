/**
 * A matrix that is nearly empty, row by row (CSR), in memory that threads share without a copy: 8 bytes an entry and 4 a
 * row.
 */
export interface SparseRows {
  readonly rows: number;
  readonly columns: number;
  /** Where each row begins in the other two; one more than there are rows. */
  readonly starts: Uint32Array;
  /** The columns of a row, rising, each once. */
  readonly indexes: Uint32Array;
  readonly values: Float32Array;
}

/** One entry in each place, in any order; entries of the same row and column are added up. */
export interface Entries {
  readonly count: number;
  readonly rows: Uint32Array;
  readonly columns: Uint32Array;
  readonly values: Float32Array;
}

export const sharedUint32 = (length: number) => new Uint32Array(new SharedArrayBuffer(4 * length));
export const sharedFloat32 = (length: number) => new Float32Array(new SharedArrayBuffer(4 * length));

/** Sorted by counting, first by column and then by row: no comparison, and no more than one copy of the entries beside. */
export function gatherRows(entries: Entries, rows: number, columns: number): SparseRows {
  const byColumn = place(entries, columns, (at) => entries.columns[at] ?? 0);
  const ofColumn = { rows: byColumn.take(entries.rows), values: byColumn.takeValues(entries.values) };
  const columnOf = byColumn.take(entries.columns);
  const byRow = place({ count: entries.count }, rows, (at) => ofColumn.rows[at] ?? 0);
  return merged({
    rows,
    columns,
    starts: byRow.starts,
    indexes: byRow.take(columnOf),
    values: byRow.takeValues(ofColumn.values),
  });
}

/** Rows become columns. */
export function transposed(matrix: SparseRows): SparseRows {
  const { rows, columns, starts, indexes, values } = matrix;
  const begins = countedStarts(columns, indexes, indexes.length);
  const next = begins.slice();
  const turned = { indexes: sharedUint32(indexes.length), values: sharedFloat32(indexes.length) };
  for (let row = 0; row < rows; row += 1) {
    for (let at = starts[row] ?? 0; at < (starts[row + 1] ?? 0); at += 1) {
      const column = indexes[at] ?? 0;
      const to = next[column] ?? 0;
      next[column] = to + 1;
      turned.indexes[to] = row;
      turned.values[to] = values[at] ?? 0;
    }
  }
  return { rows: columns, columns: rows, starts: begins, ...turned };
}

/** Whether a row has a column, by halving. */
export function hasEntry({ starts, indexes }: SparseRows, row: number, column: number): boolean {
  let [low, high] = [starts[row] ?? 0, starts[row + 1] ?? 0];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((indexes[middle] ?? 0) < column) low = middle + 1;
    else high = middle;
  }
  return low < (starts[row + 1] ?? 0) && indexes[low] === column;
}

function countedStarts(buckets: number, keys: Uint32Array, count: number): Uint32Array {
  const starts = sharedUint32(buckets + 1);
  for (let at = 0; at < count; at += 1) {
    const bucket = (keys[at] ?? 0) + 1;
    starts[bucket] = (starts[bucket] ?? 0) + 1;
  }
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    starts[bucket + 1] = (starts[bucket + 1] ?? 0) + (starts[bucket] ?? 0);
  }
  return starts;
}

function place({ count }: { readonly count: number }, buckets: number, bucketAt: (at: number) => number) {
  const keys = new Uint32Array(count);
  for (let at = 0; at < count; at += 1) keys[at] = bucketAt(at);
  const starts = countedStarts(buckets, keys, count);
  const next = starts.slice();
  // In place: the key of an entry is needed no more once its place is known.
  for (let at = 0; at < count; at += 1) {
    const bucket = keys[at] ?? 0;
    const to = next[bucket] ?? 0;
    next[bucket] = to + 1;
    keys[at] = to;
  }
  const moveTo = <A extends Uint32Array | Float32Array>(from: A, to: A): A => {
    for (let at = 0; at < count; at += 1) to[keys[at] ?? 0] = from[at] ?? 0;
    return to;
  };
  return {
    starts,
    take: (from: Uint32Array) => moveTo(from, sharedUint32(count)),
    takeValues: (from: Float32Array) => moveTo(from, sharedFloat32(count)),
  };
}

/** Equal columns stand side by side by now. */
function merged(matrix: SparseRows): SparseRows {
  const { rows, starts, indexes, values } = matrix;
  const begins = sharedUint32(rows + 1);
  let end = 0;
  for (let row = 0; row < rows; row += 1) {
    const begin = end;
    for (let at = starts[row] ?? 0; at < (starts[row + 1] ?? 0); at += 1) {
      const column = indexes[at] ?? 0;
      if (end > begin && indexes[end - 1] === column) {
        values[end - 1] = (values[end - 1] ?? 0) + (values[at] ?? 0);
        continue;
      }
      indexes[end] = column;
      values[end] = values[at] ?? 0;
      end += 1;
    }
    begins[row + 1] = end;
  }
  return { ...matrix, starts: begins, indexes: indexes.subarray(0, end), values: values.subarray(0, end) };
}
