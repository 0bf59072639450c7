/**
 * Frames without the cost of checks, for who sends or reads very many of them, as a bench does: a frame is put together
 * from what is known to need no escape, and read by looking for a field. Trust in the edge is assumed; a client that
 * does not trust it uses `decodeFrame`.
 */
import { encodeMessage } from '../line/codec.ts';
import type { ShopperMessage } from '../line/messages.ts';

export const PING_FRAME = '{"t":"ping"}';
export const LEAVE_FRAME = '{"t":"leave"}';

export function joinFrame(join: Omit<Extract<ShopperMessage, { t: 'join' }>, 't'>): string {
  return encodeMessage({ t: 'join', ...join });
}

/** Keys and skus have patterns without a character that JSON escapes. */
export function claimFrame(key: string, sku: string, qty: number): string {
  return `{"t":"claim","key":"${key}","sku":"${sku}","qty":${qty}}`;
}

const KIND_AT = '{"t":"'.length;

/** Which message a frame is: the edge writes `t` first. Empty for what is no frame of ours. */
export function kindOf(frame: string): string {
  return frame.startsWith('{"t":"') ? frame.slice(KIND_AT, frame.indexOf('"', KIND_AT)) : '';
}

/**
 * The text of a field without escapes in it (keys, codes, ids, passes). Inside of a string every quote is escaped, so
 * the name of a field cannot be found within somebody's text.
 */
export function textIn(frame: string, field: string): string | undefined {
  const name = `"${field}":"`;
  const at = frame.indexOf(name);
  return at === -1 ? undefined : frame.slice(at + name.length, frame.indexOf('"', at + name.length));
}

export function numberIn(frame: string, field: string): number | undefined {
  const name = `"${field}":`;
  const at = frame.indexOf(name);
  if (at === -1) return undefined;
  const value = Number.parseFloat(frame.slice(at + name.length, at + name.length + 32));
  return Number.isNaN(value) ? undefined : value;
}

/** What became of a claim, in one look. */
export function answerIn(frame: string): { readonly key: string; readonly won: boolean; readonly code: string } | null {
  const won = frame.startsWith('{"t":"claimed"');
  if (!won && !frame.startsWith('{"t":"refused"')) return null;
  const key = textIn(frame, 'key');
  return key === undefined ? null : { key, won, code: won ? '' : (textIn(frame, 'code') ?? '') };
}
