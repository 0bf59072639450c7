/** JSON text frames in and out. A frame is measured before it is read, and read before it is trusted. */
import { Compile } from 'typebox/compile';
import { LIMITS } from '../limits.ts';
import { EdgeMessage, type EdgeMessageOf, ShopperMessage } from './messages.ts';

const shopperMessage = Compile(ShopperMessage);
const edgeMessage = Compile(EdgeMessage);
const utf8 = new TextDecoder('utf-8', { fatal: true });

export type Decoded<T> =
  | { readonly ok: true; readonly message: T }
  | { readonly ok: false; readonly code: 'BAD_MESSAGE' | 'TOO_LARGE'; readonly reason: string };

export function decodeShopperFrame(frame: ArrayBuffer, binary: boolean): Decoded<ShopperMessage> {
  if (frame.byteLength > LIMITS.socketFrameBytes) {
    return { ok: false, code: 'TOO_LARGE', reason: `a frame may have ${LIMITS.socketFrameBytes} bytes` };
  }
  if (binary) return { ok: false, code: 'BAD_MESSAGE', reason: 'frames are text' };
  let text: string;
  try {
    text = utf8.decode(frame);
  } catch {
    return { ok: false, code: 'BAD_MESSAGE', reason: 'not UTF-8' };
  }
  const value = parse(text);
  if (shopperMessage.Check(value)) return { ok: true, message: value };
  return { ok: false, code: 'BAD_MESSAGE', reason: value === undefined ? 'not JSON' : 'not a known message' };
}

/** For clients: what the edge said. */
export function decodeEdgeFrame(text: string): Decoded<EdgeMessage> {
  const value = parse(text);
  if (edgeMessage.Check(value)) return { ok: true, message: value };
  return { ok: false, code: 'BAD_MESSAGE', reason: value === undefined ? 'not JSON' : 'not a known message' };
}

export function encodeMessage(message: EdgeMessage | ShopperMessage): string {
  return JSON.stringify(message);
}

/**
 * The one message that goes out for every unit that is sold, written by hand: a fourth of what JSON.stringify takes. Each
 * of its texts has a pattern (messages.ts) without a character that JSON escapes.
 */
export function encodeClaimed(won: Omit<EdgeMessageOf<'claimed'>, 't'>): string {
  const { key, claimId, sku, qty, amount, currency, holdUntil } = won;
  return (
    `{"t":"claimed","key":"${key}","claimId":"${claimId}","sku":"${sku}","qty":${qty},` +
    `"amount":${amount},"currency":"${currency}","holdUntil":${holdUntil}}`
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
