/** A bigint as pg gives it (text, or a number where the pool parses it); one that a number cannot hold exactly throws. */
export function exact(value: string | number): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`the database sent ${value}, which is no exact integer`);
  return number;
}
