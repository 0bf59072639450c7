/** How the built-in carrier signs: `t=<seconds>,v1=<HMAC-SHA-256 of "t.body" in hex>`, over the very bytes of the body. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { LIMITS } from '../../contracts/limits.ts';

const FORM = /^t=(?<seconds>\d{1,12}),v1=(?<mac>[0-9a-f]{64})$/;

export function signEvents(secret: string, body: Buffer, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1_000);
  return `t=${seconds},v1=${macOf(secret, seconds, body).toString('hex')}`;
}

/** A signature is good for a few minutes, so that what somebody caught cannot be sent again later. */
export function isSigned(secret: string, body: Buffer, signature: string, nowMs: number): boolean {
  const { seconds, mac } = FORM.exec(signature)?.groups ?? {};
  if (seconds === undefined || mac === undefined) return false;
  if (Math.abs(nowMs - Number(seconds) * 1_000) > LIMITS.carrierSkewMs) return false;
  return timingSafeEqual(macOf(secret, Number(seconds), body), Buffer.from(mac, 'hex'));
}

function macOf(secret: string, seconds: number, body: Buffer): Buffer {
  return createHmac('sha256', secret).update(`${seconds}.`).update(body).digest();
}
