/** Parameters as Stripe takes them: a form whose keys have brackets, `metadata[payment_id]=…`, kept flat. */
import { hash } from 'node:crypto';
import { BOUNDS } from './bounds.ts';

export type Params = ReadonlyMap<string, string>;

export function readForm(text: string): Params {
  return new Map(text === '' ? [] : new URLSearchParams(text));
}

/** `metadata[a]=1&metadata[b]=2` is `{ a: '1', b: '2' }`; an empty value takes the entry out, as with Stripe. */
export function metadataOf(params: Params): Readonly<Record<string, string>> | undefined {
  const found: Record<string, string> = {};
  let entries = 0;
  for (const [key, value] of params) {
    const name = /^metadata\[(?<name>[^\]]{1,40})\]$/.exec(key)?.groups?.name;
    if (name === undefined || value === '') continue;
    entries += 1;
    if (entries > BOUNDS.metadataEntries || value.length > BOUNDS.metadataChars) return undefined;
    found[name] = value;
  }
  return found;
}

/** Whether `expand[]` or `expand[0]` asks for this field. */
export function expands(params: Params, field: string): boolean {
  for (const [key, value] of params) if (/^expand\[\d*\]$/.test(key) && value === field) return true;
  return false;
}

/** The same call has the same fingerprint, in whatever order its parameters come. */
export function fingerprint(path: string, params: Params): string {
  const sorted = [...params].sort(([a], [b]) => (a < b ? -1 : 1));
  return hash('sha256', JSON.stringify([path, sorted]), 'base64url').slice(0, 22);
}
