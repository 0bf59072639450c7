/** The key by which push services know who sends (RFC 8292). Only the private half is configured. */
import { createECDH } from 'node:crypto';

export interface Vapid {
  readonly privateKey: string;
  /** What a browser subscribes with. */
  readonly publicKey: string;
}

const KEY_BYTES = 32;

/** Undefined without a key: there is no push. */
export function readVapid(privateKey: string): Vapid | undefined {
  if (privateKey === '') return undefined;
  const key = createECDH('prime256v1');
  key.setPrivateKey(Buffer.from(privateKey, 'base64url'));
  return { privateKey, publicKey: key.getPublicKey('base64url') };
}

export function makeVapidPrivateKey(): string {
  const key = createECDH('prime256v1');
  key.generateKeys();
  // Node leaves zeros at the beginning away; the form of a key has them.
  const bytes = Buffer.concat([Buffer.alloc(KEY_BYTES), key.getPrivateKey()]).subarray(-KEY_BYTES);
  return bytes.toString('base64url');
}
