/**
 * Whether the database refused the data itself: a broken constraint, a value out of range, a claim whose time lies in no
 * month that exists. Trying the same rows again never helps; everything else (a lost connection, a deadlock) may pass.
 */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code: unknown = Reflect.get(error, 'code');
  // Class 22: data exceptions, 23: constraints and missing partitions, OD: our own triggers.
  return typeof code === 'string' && /^(22|23|OD)[0-9A-Z]{3}$/.test(code);
}
