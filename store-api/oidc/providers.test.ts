import { describe, expect, it } from 'vitest';
import { startOidcServer } from '../../test/servers/oidc-provider.ts';
import { createProvider } from './providers.ts';

const CALLBACK = 'http://127.0.0.1:23001/api/v1/auth/oidc/late/callback';
const checks = { state: 's', nonce: 'n', verifier: 'v'.repeat(43) };

describe('a provider that was away', () => {
  it('is asked again a moment later, and then once for everybody', async () => {
    const clock = { nowMs: 0, now: () => clock.nowMs };
    const late = await startOidcServer(CALLBACK);
    const { issuer, clientId, clientSecret } = late;
    await late.stop();
    const provider = createProvider({ name: 'late', issuer, clientId, clientSecret }, clock);
    const start = () => provider.start(CALLBACK, checks);
    await expect(start()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const back = await startOidcServer(CALLBACK, Number(new URL(issuer).port));
    // Left alone for a moment, so that a crowd does not knock all at once.
    await expect(start()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    clock.nowMs = 60_000;
    const started = await Promise.all([start(), start(), start()]);
    expect(started.map(({ origin }) => origin)).toEqual([issuer, issuer, issuer]);
    expect(back.asked).toEqual(['/.well-known/openid-configuration']);
    const asked = started[0]?.searchParams;
    expect(asked?.get('code_challenge_method')).toBe('S256');
    expect(asked?.get('scope')).toBe('openid email profile');
    await back.stop();
  });

  it('that says it is another one is not believed', async () => {
    const server = await startOidcServer(CALLBACK);
    const issuer = server.issuer.replace('127.0.0.1', 'localhost');
    const provider = createProvider({ name: 'late', issuer, clientId: 'x', clientSecret: 'x' }, { now: () => 0 });
    await expect(provider.start(CALLBACK, checks)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await server.stop();
  });
});
