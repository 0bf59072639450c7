/**
 * PostgreSQL arrays as text, as the server reads them. Made by us, and not by pg, so that a thread can make them: pg
 * would write each element of each column in the thread that also has to answer Kafka and the database.
 */

/** Of what needs no quotes: numbers, ids, names of enums. */
export function plainArray(values: readonly (string | number | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

const SPECIAL = /["\\]/g;

/** Of any text. */
export function textArray(values: readonly (string | null)[]): string {
  return `{${values.map((value) => (value === null ? 'NULL' : `"${value.replace(SPECIAL, '\\$&')}"`)).join(',')}}`;
}
