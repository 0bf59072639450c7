/** What follows `Bearer` in an Authorization header; undefined for anything else. */
export function bearerOf(authorization: string): string | undefined {
  const [scheme = '', token, ...more] = authorization.trim().split(/\s+/);
  return scheme.toLowerCase() === 'bearer' && token !== undefined && more.length === 0 ? token : undefined;
}
