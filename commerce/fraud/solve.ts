/** Linear equations by elimination, the largest pivot first. */
export function solve(matrix: readonly Float64Array[], right: Float64Array): Float64Array {
  const lines = matrix.map((row, at) => Float64Array.of(...row, right[at] ?? 0));
  for (let column = 0; column < lines.length; column += 1) {
    bringUp(lines, column);
    const pivot = lines[column];
    if (pivot === undefined || (pivot[column] ?? 0) === 0)
      throw new RangeError('These equations have no single solution.');
    for (const line of lines.slice(column + 1)) takeOff(line, pivot, column);
  }
  return substitute(lines);
}

function bringUp(lines: Float64Array[], column: number): void {
  const size = (at: number) => Math.abs(lines[at]?.[column] ?? 0);
  let best = column;
  for (let at = column + 1; at < lines.length; at += 1) if (size(at) > size(best)) best = at;
  const [line, other] = [lines[column], lines[best]];
  if (line === undefined || other === undefined) return;
  lines[column] = other;
  lines[best] = line;
}

function takeOff(line: Float64Array, pivot: Float64Array, column: number): void {
  const factor = (line[column] ?? 0) / (pivot[column] ?? 1);
  for (let at = column; at < line.length; at += 1) line[at] = (line[at] ?? 0) - factor * (pivot[at] ?? 0);
}

/** From the last line, which has one unknown left, upwards. */
function substitute(lines: readonly Float64Array[]): Float64Array {
  const size = lines.length;
  const values = new Float64Array(size);
  for (let column = size - 1; column >= 0; column -= 1) {
    const line = lines[column];
    let rest = line?.[size] ?? 0;
    for (let at = column + 1; at < size; at += 1) rest -= (line?.[at] ?? 0) * (values[at] ?? 0);
    values[column] = rest / (line?.[column] ?? 1);
  }
  return values;
}
