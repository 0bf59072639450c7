/** Where something is, without who we are there: for logs and errors. */
export function addressOf(url: string): string {
  if (!URL.canParse(url)) return '[not a URL]';
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}
