/** From which web pages a browser may speak to the edge. What is no browser sends no origin, and is not held up here. */
export interface Origins {
  allows(origin: string): boolean;
  /** What a browser has to be told before it lets a page read the answer; nothing for requests without an origin. */
  headers(origin: string): readonly (readonly [string, string])[];
}

const PREFLIGHT_SECONDS = '600';

/** `*`, or origins such as `https://shop.example`. */
export function createOrigins(allowed: readonly string[]): Origins {
  const any = allowed.includes('*');
  const known = new Set(allowed.map((origin) => origin.toLowerCase()));
  const allows = (origin: string): boolean => any || origin === '' || known.has(origin.toLowerCase());
  return {
    allows,
    headers(origin) {
      if (origin === '' || !allows(origin)) return [];
      return [
        ['access-control-allow-origin', any ? '*' : origin],
        // A cache may not give one page the permission of another.
        ...(any ? [] : ([['vary', 'Origin']] as const)),
        ['access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE'],
        ['access-control-allow-headers', 'authorization, content-type, idempotency-key'],
        ['access-control-expose-headers', 'retry-after'],
        ['access-control-max-age', PREFLIGHT_SECONDS],
      ];
    },
  };
}
