/** The inner loops of training: plain, so that the engine makes machine code of them. */

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** With the row that begins at `base`. */
export function dotRow(vector: Float64Array, rows: Float32Array, base: number): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i += 1) sum += (vector[i] ?? 0) * (rows[base + i] ?? 0);
  return sum;
}

export function addTimes(into: Float64Array, vector: Float64Array, times: number): void {
  for (let i = 0; i < into.length; i += 1) into[i] = (into[i] ?? 0) + times * (vector[i] ?? 0);
}

export function addRowTimes(into: Float64Array, rows: Float32Array, base: number, times: number): void {
  for (let i = 0; i < into.length; i += 1) into[i] = (into[i] ?? 0) + times * (rows[base + i] ?? 0);
}

/** A square matrix, row by row, times a vector. */
export function multiply(matrix: Float64Array, vector: Float64Array, into: Float64Array): void {
  const size = vector.length;
  for (let i = 0; i < size; i += 1) {
    let sum = 0;
    for (let j = 0; j < size; j += 1) sum += (matrix[i * size + j] ?? 0) * (vector[j] ?? 0);
    into[i] = sum;
  }
}

export function readRow(rows: Float32Array, base: number, into: Float64Array): void {
  for (let i = 0; i < into.length; i += 1) into[i] = rows[base + i] ?? 0;
}

/** Y'Y of the rows from `from` on, `to` not included. */
export function gramOf(rows: Float32Array, size: number, from: number, to: number): Float64Array {
  const gram = new Float64Array(size * size);
  const row = new Float64Array(size);
  for (let at = from; at < to; at += 1) {
    readRow(rows, at * size, row);
    for (let i = 0; i < size; i += 1) addTo(gram, i * size, row, row[i] ?? 0);
  }
  return gram;
}

function addTo(gram: Float64Array, base: number, row: Float64Array, times: number): void {
  for (let j = 0; j < row.length; j += 1) gram[base + j] = (gram[base + j] ?? 0) + times * (row[j] ?? 0);
}
