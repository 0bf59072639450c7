/**
 * What the edge said, checked. Other than the edge towards its shoppers, a client lets fields pass that it does not
 * know, and does not fail at messages that it does not know: an edge may be newer than a page that is open for an hour.
 */
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { EdgeMessage } from '../line/messages.ts';

const known = new Map<unknown, { Check(value: unknown): boolean }>(
  EdgeMessage.anyOf.map(({ properties }) => [properties.t.const, Compile(Type.Object({ ...properties }))]),
);

export type ReadFrame =
  | { readonly ok: true; readonly message: EdgeMessage }
  | { readonly ok: false; readonly reason: 'not JSON' | 'not a known message' | 'not of its form' };

export function decodeFrame(frame: unknown): ReadFrame {
  if (typeof frame !== 'string') return { ok: false, reason: 'not JSON' };
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    return { ok: false, reason: 'not JSON' };
  }
  const kind = kindOfValue(value);
  if (!known.has(kind)) return { ok: false, reason: 'not a known message' };
  return isEdgeMessage(value, kind) ? { ok: true, message: value } : { ok: false, reason: 'not of its form' };
}

function isEdgeMessage(value: unknown, kind: unknown): value is EdgeMessage {
  return known.get(kind)?.Check(value) === true;
}

function kindOfValue(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 't' in value ? value.t : undefined;
}
