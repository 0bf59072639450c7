/** One cookie for each sign-in under way, so that two tabs do not end one another's, and so that its name says which. */
const VALUE = /^[A-Za-z0-9_-]{43}$/;
const NAME_CHARS = 16;

export interface CookieAt {
  /** Where the browser comes back to. */
  readonly redirectUri: string;
  readonly state: string;
}

const nameOf = (state: string) => `dropgate_oidc_${state.slice(0, NAME_CHARS)}`;

/** Lax: it comes back with the redirect of the provider, which is a page of another site, and with nothing less. */
export function cookieOf(at: CookieAt, value: string, maxAgeMs: number): string {
  const { protocol, pathname } = new URL(at.redirectUri);
  const attributes = ['HttpOnly', 'SameSite=Lax', `Path=${pathname}`, `Max-Age=${Math.floor(maxAgeMs / 1_000)}`];
  if (protocol === 'https:') attributes.push('Secure');
  return [`${nameOf(at.state)}=${value}`, ...attributes].join('; ');
}

export function readCookie(header: string | undefined, state: string): string | undefined {
  const wanted = nameOf(state);
  for (const part of (header ?? '').split(';')) {
    const [name = '', value = ''] = part.trim().split('=', 2);
    if (name === wanted) return VALUE.test(value) ? value : undefined;
  }
  return undefined;
}
