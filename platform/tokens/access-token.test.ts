import { createHmac } from 'node:crypto';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { createAccessTokens, type Identity } from './access-token.ts';

const SECRET = 'a secret of at least 32 characters';
const USER: Identity = { userId: '017f22e2-79b0-7cc3-98c4-dc0c0c07398f', kind: 'user', role: 'shopper' };

function setup(secret = SECRET) {
  const clock = { nowMs: 1_800_000_000_000, now: () => clock.nowMs };
  return { clock, tokens: createAccessTokens({ secret, clock }) };
}

describe('access tokens', () => {
  it('say who somebody is until they expire', async () => {
    const { clock, tokens } = setup();
    const { accessToken, expiresInSeconds } = await tokens.issue(USER);
    expect(expiresInSeconds).toBe(900);
    expect(await tokens.verify(accessToken)).toEqual(USER);
    clock.nowMs += expiresInSeconds * 1_000 + 1;
    expect(await tokens.verify(accessToken)).toBeUndefined();
  });

  it('are refused when forged, changed, unsigned or something else', async () => {
    const { tokens } = setup();
    const { accessToken } = await tokens.issue(USER);
    const [header = '', , signature = ''] = accessToken.split('.');
    const admin = Buffer.from(JSON.stringify({ ...USER, sub: USER.userId, role: 'admin' })).toString('base64url');
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${admin}.`;
    const foreign = (await setup('another secret of 32 characters …').tokens.issue(USER)).accessToken;
    for (const token of [`${header}.${admin}.${signature}`, unsigned, foreign, '', 'a.b.c', accessToken.slice(0, -2)]) {
      expect(await tokens.verify(token)).toBeUndefined();
    }
  });

  it('are refused when their head says something else, though the signature is right', async () => {
    const { tokens } = setup();
    const [, body] = (await tokens.issue(USER)).accessToken.split('.');
    const signed = (head: string) => {
      const text = `${Buffer.from(head).toString('base64url')}.${body}`;
      return `${text}.${createHmac('sha256', SECRET).update(text).digest('base64url')}`;
    };
    expect(await tokens.verify(signed('{"alg":"HS256","typ":"JWT"}'))).toEqual(USER);
    for (const head of ['{"alg":"none"}', '{"alg":"HS512"}', '{"alg":"HS256","crit":["exp"]}', '[]', 'null', '{']) {
      expect(await tokens.verify(signed(head)), head).toBeUndefined();
    }
    const token = signed('{"alg":"HS256"}');
    expect(await tokens.verify(token)).toEqual(USER);
    for (const other of [`${token}=`, `${token}.`, `${token}!`, ` ${token}`]) {
      expect(await tokens.verify(other)).toBeUndefined();
    }
  });

  it('are refused when their claims are not ours', async () => {
    const { tokens } = setup();
    const sign = (claims: Record<string, string>, subject: string, issuer = 'dropgate') =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(subject)
        .setIssuer(issuer)
        .setExpirationTime('1y')
        .sign(new TextEncoder().encode(SECRET));
    expect(await tokens.verify(await sign({ kind: 'user', role: 'root' }, USER.userId))).toBeUndefined();
    expect(await tokens.verify(await sign({ kind: 'user', role: 'shopper' }, 'me'))).toBeUndefined();
    expect(await tokens.verify(await sign({ kind: 'user', role: 'shopper' }, USER.userId, 'x'))).toBeUndefined();
  });
});
