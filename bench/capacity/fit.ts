/** The few shapes that costs have. Each goes exactly through two points, so that any other point can be held against it. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Straight {
  /** y where x is 0. */
  readonly fixed: number;
  readonly each: number;
}

/** y = fixed + each · x. */
export function straightThrough(a: Point, b: Point): Straight {
  const each = (b.y - a.y) / (b.x - a.x);
  return { fixed: a.y - each * a.x, each };
}

export interface Amount {
  readonly a: number;
  readonly b: number;
  readonly y: number;
}

/** y = perA · a + perB · b: what each of two kinds of things takes, from two sums of both. */
export function sharesOf(one: Amount, other: Amount): { readonly perA: number; readonly perB: number } {
  const determinant = one.a * other.b - other.a * one.b;
  return {
    perA: (one.y * other.b - other.y * one.b) / determinant,
    perB: (one.a * other.y - other.a * one.y) / determinant,
  };
}
