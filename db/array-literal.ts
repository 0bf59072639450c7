/**
 * PostgreSQL arrays as text, as the server reads them. Made by us, and not by pg, so that a thread can make them: pg
 * would write each element of each column in the thread that also has to answer Kafka and the database.
 */

/** Of what needs no quotes: numbers, ids, names of enums. */
export function plainArray(values: readonly (string | number | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

const SPECIAL = /["\\]/g;
/** What JSON escapes and PostgreSQL does not; it also finds what only looks like that, such as a backslash before an n. */
const NOT_AS_JSON = /\\[bfnrtu]/;

/**
 * Of any text. Arrays of strings are nearly the same in JSON, which is made at once and several times as fast as a
 * replacement for each quote of each event: it was half of what the thread did.
 */
export function textArray(values: readonly (string | null)[]): string {
  const json = JSON.stringify(values);
  if (!NOT_AS_JSON.test(json)) return `{${json.slice(1, -1)}}`;
  return `{${values.map((value) => (value === null ? 'NULL' : `"${value.replace(SPECIAL, '\\$&')}"`)).join(',')}}`;
}
