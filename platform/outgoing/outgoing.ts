/**
 * What is derived from OUTGOING_SECRET: the secrets of merchants' webhooks and the signatures of unsubscribe links. None of
 * them is kept anywhere, so who reads the database can forge neither.
 */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { isUuidV7 } from '../../contracts/ids.ts';
import { readVapid, type Vapid } from './vapid.ts';

export interface WebhookSecret {
  readonly endpointId: string;
  readonly version: number;
}

export interface Unsubscription {
  readonly userId: string;
  readonly kind: 'reminder';
}

export interface OutgoingKeys {
  webhookKey(of: WebhookSecret): Uint8Array;
  unsubscribeToken(of: Unsubscription): string;
  /** Undefined for what we did not sign. */
  readUnsubscribeToken(token: string): Unsubscription | undefined;
}

const KEY_BYTES = 32;
const MAC_BYTES = 18;
const TOKEN = /^(?<user>[0-9a-f]{32})\.(?<kind>reminder)\.(?<mac>[A-Za-z0-9_-]{24})$/;

/** Undefined without a secret: webhooks and unsubscribe links are off. */
export function createOutgoingKeys(secret: string): OutgoingKeys | undefined {
  if (secret === '') return undefined;
  const derive = (purpose: string) => new Uint8Array(hkdfSync('sha256', secret, '', `dropgate ${purpose}`, KEY_BYTES));
  const linkKey = derive('unsubscribe');
  const macOf = (text: string) => createHmac('sha256', linkKey).update(text).digest().subarray(0, MAC_BYTES);
  return {
    webhookKey: ({ endpointId, version }) => derive(`webhook ${endpointId} ${version}`),
    unsubscribeToken({ userId, kind }) {
      const text = `${userId.replaceAll('-', '')}.${kind}`;
      return `${text}.${macOf(text).toString('base64url')}`;
    },
    readUnsubscribeToken(token) {
      const { user, mac } = TOKEN.exec(token)?.groups ?? {};
      if (user === undefined || mac === undefined) return undefined;
      const isOurs = timingSafeEqual(Buffer.from(mac, 'base64url'), macOf(`${user}.reminder`));
      const userId = user.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
      return isOurs && isUuidV7(userId) ? { userId, kind: 'reminder' } : undefined;
    },
  };
}

/** What a process has to do with addresses that others name. */
export interface Outgoing {
  /** Undefined where OUTGOING_SECRET is not set. */
  readonly keys: OutgoingKeys | undefined;
  /** Undefined where VAPID_PRIVATE_KEY is not set. */
  readonly vapid: Vapid | undefined;
  /** As of readTarget. */
  readonly isStrict: boolean;
}

export const NOTHING_OUTGOING: Outgoing = { keys: undefined, vapid: undefined, isStrict: true };

export function createOutgoing(config: {
  readonly NODE_ENV: string;
  readonly OUTGOING_SECRET: string;
  readonly VAPID_PRIVATE_KEY: string;
}): Outgoing {
  return {
    keys: createOutgoingKeys(config.OUTGOING_SECRET),
    vapid: readVapid(config.VAPID_PRIVATE_KEY),
    isStrict: config.NODE_ENV === 'production',
  };
}
