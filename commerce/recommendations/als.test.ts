import { describe, expect, it } from 'vitest';
import { type AlsRows, type AlsSettings, emptyLoss, metLoss, solveRows, startFactors } from './als.ts';
import { seededRoll } from './seeded-roll.ts';
import { gatherRows, type SparseRows, sharedFloat32, transposed } from './sparse-rows.ts';
import { gramOf } from './vectors.ts';

const USERS = 30;
const PRODUCTS = 22;

function smallMatrix(): SparseRows {
  const roll = seededRoll(7);
  const count = 140;
  const entries = {
    count,
    rows: Uint32Array.from({ length: count }, () => Math.floor(roll() * USERS)),
    columns: Uint32Array.from({ length: count }, () => Math.floor(roll() ** 2 * PRODUCTS)),
    values: Float32Array.from({ length: count }, () => 1 + Math.floor(roll() * 4)),
  };
  return gatherRows(entries, USERS, PRODUCTS);
}

function dense({ rows, columns, starts, indexes, values }: SparseRows): number[][] {
  const full = Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
  for (let row = 0; row < rows; row += 1) {
    for (let at = starts[row] ?? 0; at < (starts[row + 1] ?? 0); at += 1) {
      const line = full[row];
      if (line !== undefined) line[indexes[at] ?? 0] = values[at] ?? 0;
    }
  }
  return full;
}

/** By the book: (Y'CY + λI) x = Y'Cp for one row, with the whole matrix and Gauss. */
function solvedByTheBook(line: readonly number[], others: readonly number[][], { alpha, regularization }: AlsSettings) {
  const size = others[0]?.length ?? 0;
  const left = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) =>
      others.reduce(
        (sum, y, at) => sum + (1 + alpha * (line[at] ?? 0)) * (y[i] ?? 0) * (y[j] ?? 0),
        i === j ? regularization : 0,
      ),
    ),
  );
  const right = Array.from({ length: size }, (_, i) =>
    others.reduce((sum, y, at) => ((line[at] ?? 0) > 0 ? sum + (1 + alpha * (line[at] ?? 0)) * (y[i] ?? 0) : sum), 0),
  );
  return gauss(left, right);
}

function gauss(left: number[][], right: number[]): number[] {
  const lines = left.map((line, at) => [...line, right[at] ?? 0]);
  const size = lines.length;
  for (let i = 0; i < size; i += 1) {
    const pivot = lines[i] ?? [];
    for (const [at, line] of lines.entries()) {
      if (at === i) continue;
      const times = (line[i] ?? 0) / (pivot[i] ?? 1);
      for (let j = i; j <= size; j += 1) line[j] = (line[j] ?? 0) - times * (pivot[j] ?? 0);
    }
  }
  return lines.map((line, at) => (line[size] ?? 0) / (line[at] ?? 1));
}

function sides(settings: AlsSettings) {
  const matrix = smallMatrix();
  const [x, y] = [sharedFloat32(USERS * settings.factors), sharedFloat32(PRODUCTS * settings.factors)];
  const roll = seededRoll(1);
  startFactors(x, settings.factors, roll);
  startFactors(y, settings.factors, roll);
  const users: AlsRows = { matrix, own: x, others: y, settings, from: 0, to: USERS };
  const products: AlsRows = { matrix: transposed(matrix), own: y, others: x, settings, from: 0, to: PRODUCTS };
  const solve = (rows: AlsRows) => solveRows(rows, gramOf(rows.others, settings.factors, 0, rows.matrix.columns));
  const loss = () =>
    metLoss(users) +
    emptyLoss(gramOf(x, settings.factors, 0, USERS), gramOf(y, settings.factors, 0, PRODUCTS), settings);
  return { matrix, users, products, solve, loss };
}

const rowsOf = (factors: Float32Array, size: number) =>
  Array.from({ length: factors.length / size }, (_, row) => [...factors.subarray(row * size, (row + 1) * size)]);

describe('a half step of the training', () => {
  it('is the solution by the book, within 1e-4', () => {
    const settings = { factors: 6, alpha: 8, regularization: 0.1, cgSteps: 12 };
    const { matrix, users, products, solve } = sides(settings);
    for (const side of [users, products, users]) {
      const wanted = dense(side.matrix).map((line) => solvedByTheBook(line, rowsOf(side.others, 6), settings));
      solve(side);
      const got = rowsOf(side.own, 6);
      for (const [row, line] of wanted.entries()) {
        for (const [i, value] of line.entries()) expect(Math.abs((got[row]?.[i] ?? 0) - value)).toBeLessThan(1e-4);
      }
    }
    expect(matrix.indexes.length).toBeGreaterThan(100);
  });

  it('does some of the rows and leaves the others', () => {
    const { users, solve } = sides({ factors: 4, alpha: 8, regularization: 0.1, cgSteps: 3 });
    const before = users.own.slice();
    solve({ ...users, from: 10, to: 20 });
    expect(users.own.slice(0, 40)).toEqual(before.slice(0, 40));
    expect(users.own.slice(80)).toEqual(before.slice(80));
    expect(users.own.slice(40, 80)).not.toEqual(before.slice(40, 80));
  });
});

describe('the loss', () => {
  it('is that of the whole matrix, written out', () => {
    const settings = { factors: 4, alpha: 3, regularization: 0.5, cgSteps: 3 };
    const { matrix, users, solve, loss } = sides(settings);
    solve(users);
    const [x, y] = [rowsOf(users.own, 4), rowsOf(users.others, 4)];
    const squares = (rows: number[][]) => rows.flat().reduce((sum, value) => sum + value * value, 0);
    let wanted = settings.regularization * (squares(x) + squares(y));
    for (const [row, line] of dense(matrix).entries()) {
      for (const [column, r] of line.entries()) {
        const score = (x[row] ?? []).reduce((sum, value, i) => sum + value * (y[column]?.[i] ?? 0), 0);
        wanted += (1 + settings.alpha * r) * ((r > 0 ? 1 : 0) - score) ** 2;
      }
    }
    expect(loss()).toBeCloseTo(wanted, 4);
  });

  it('only falls, however few steps a row gets', () => {
    for (const cgSteps of [1, 2, 3, 8]) {
      const { users, products, solve, loss } = sides({ factors: 8, alpha: 10, regularization: 0.05, cgSteps });
      let before = loss();
      for (let half = 0; half < 20; half += 1) {
        solve(half % 2 === 0 ? users : products);
        const after = loss();
        expect(after).toBeLessThanOrEqual(before * (1 + 1e-6));
        before = after;
      }
    }
  });
});
