import { describe, expect, it } from 'vitest';
import { newId } from '../../test/fixtures/drop.ts';
import { createOutgoing, createOutgoingKeys } from './outgoing.ts';
import { signatureHeaders } from './standard-webhook.ts';
import { makeVapidPrivateKey, readVapid } from './vapid.ts';

const SECRET = 'a secret of at least 32 characters';

describe('what is sent out', () => {
  it('goes to public addresses only, outside development', () => {
    const given = { OUTGOING_SECRET: '', VAPID_PRIVATE_KEY: '' };
    const strict = (NODE_ENV: string) => createOutgoing({ NODE_ENV, ...given }).isStrict;
    expect(['production', 'development', 'test'].map(strict)).toEqual([true, false, false]);
    expect(createOutgoing({ NODE_ENV: 'production', ...given })).toMatchObject({ keys: undefined, vapid: undefined });
  });

  it('has a key of its own for each webhook and each version, always the same', () => {
    const [one, two] = [newId(), newId()];
    const keyOf = (endpointId: string, version: number, secret = SECRET) =>
      Buffer.from(createOutgoingKeys(secret)?.webhookKey({ endpointId, version }) ?? []).toString('hex');
    const keys = [keyOf(one, 1), keyOf(one, 2), keyOf(two, 1), keyOf(one, 1, `${SECRET}!`)];
    expect(new Set(keys).size).toBe(4);
    expect(keyOf(one, 1)).toBe(keys[0]);
    expect(keys[0]).toHaveLength(64);
  });

  it('is signed as Standard Webhooks says', () => {
    // The example of its specification.
    const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
    const parts = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', atSeconds: 1614265330, body: '{"test": 2432232314}' };
    expect(signatureHeaders(parts, [key])['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('says who pushes by a key whose public half is a point', () => {
    for (let count = 0; count < 20; count += 1) {
      const vapid = readVapid(makeVapidPrivateKey());
      expect(vapid?.privateKey).toMatch(/^[A-Za-z0-9_-]{43}$/);
      expect(vapid?.publicKey).toMatch(/^B[A-Za-z0-9_-]{86}$/);
    }
  });
});
