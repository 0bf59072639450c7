import { describe, expect, it } from 'vitest';
import { oidcProviders } from './oidc-providers.ts';

const one = { name: 'google', issuer: 'https://accounts.example', clientId: 'us', clientSecret: 'shh' };
const parse = (value: unknown) => oidcProviders().parse(JSON.stringify(value));

describe('other providers in the environment', () => {
  it('are none, or a list', () => {
    expect(oidcProviders().parse('')).toEqual({ ok: true, value: [] });
    expect(parse([one])).toEqual({ ok: true, value: [one] });
    expect(parse([one, { ...one, name: 'local', issuer: 'http://127.0.0.1:9000/oidc', provesMail: true }]).ok).toBe(
      true,
    );
  });

  it.each([
    ['no JSON', 'google'],
    ['no list', one],
    ['two of one name', [one, one]],
    ['an issuer over plain HTTP', [{ ...one, issuer: 'http://accounts.example' }]],
    ['an issuer with a query', [{ ...one, issuer: 'https://accounts.example?x=1' }]],
    ['an issuer that is none', [{ ...one, issuer: 'accounts.example' }]],
    ['a name that is no part of an address', [{ ...one, name: '../google' }]],
    ['a field that nobody knows', [{ ...one, secret: 'shh' }]],
    ['no secret', [{ ...one, clientSecret: '' }]],
  ])('are not %s', (_, value) => {
    expect(parse(value).ok).toBe(false);
  });
});
