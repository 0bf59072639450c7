import { describe, expect, it } from 'vitest';
import { cookieOf, readCookie } from './cookie.ts';
import { readReturnTo, withAnswer } from './return-to.ts';

const rules = {
  origins: ['https://shop.example', 'https://m.shop.example:8443'],
  publicUrl: 'https://api.example/store',
};

describe('where a browser is sent to', () => {
  it.each([
    'https://shop.example/',
    'https://shop.example/a/b?c=d',
    'https://m.shop.example:8443/x',
    'https://api.example/page',
    'HTTPS://SHOP.EXAMPLE/up',
  ])('may be %s', (text) => {
    expect(readReturnTo(text, rules)?.href).toBe(new URL(text).href);
  });

  it.each([
    ...['https://evil.example/', 'https://shop.example.evil.example/', 'https://shop.example@evil.example/'],
    ...['https://user:pw@shop.example/', 'http://shop.example/', 'https://shop.example:444/', '//shop.example/'],
    ...['/path', 'javascript:alert(1)', 'data:text/html,x', 'https://shop.example/#x', 'https://shop.example/#', ''],
    ...[
      'https:\\\\evil.example\\@shop.example',
      'https://evil.example\\.shop.example/',
      'https://shop.example%2eevil.example/',
    ],
    'https://api.example/store/api/v1/auth/oidc/other?returnTo=x',
    ...['http://localhost:3000/', `https://shop.example/${'x'.repeat(1_000)}`, 'https://m.shop.example/'],
  ])('is never %s', (text) => {
    expect(readReturnTo(text, rules)).toBeUndefined();
  });

  it('is a page of this machine where any page may call', () => {
    const any = { origins: ['*'], publicUrl: 'http://127.0.0.1:3000' };
    expect(readReturnTo('http://localhost:5173/x', any)?.href).toBe('http://localhost:5173/x');
    expect(readReturnTo('https://evil.example/', any)).toBeUndefined();
    expect(readReturnTo('http://localhost.evil.example/', any)).toBeUndefined();
  });

  it('gets its answer in the fragment', () => {
    expect(withAnswer('https://shop.example/a?b=c', { code: 'x y' })).toBe('https://shop.example/a?b=c#code=x+y');
  });
});

describe('the cookie of a sign-in', () => {
  const state = 'S'.repeat(43);
  const value = 'v'.repeat(43);

  it('is for one address, secure where that is', () => {
    const at = { redirectUri: 'https://api.example/api/v1/auth/oidc/one/callback', state };
    expect(cookieOf(at, value, 600_000)).toContain('; Secure');
    expect(cookieOf({ ...at, redirectUri: 'http://127.0.0.1/x' }, value, 0)).not.toContain('Secure');
  });

  it.each([
    [undefined, undefined],
    ['', undefined],
    [`a=b; dropgate_oidc_${'S'.repeat(16)}=${value}; c=d`, value],
    [`dropgate_oidc_${'T'.repeat(16)}=${value}`, undefined],
    [`dropgate_oidc_${'S'.repeat(16)}=short`, undefined],
    [`dropgate_oidc_${'S'.repeat(16)}`, undefined],
  ])('is read from %s', (header, read) => {
    expect(readCookie(header, state)).toBe(read);
  });
});
