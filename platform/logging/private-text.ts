/** Private things inside of texts: messages, stacks, URLs, bodies that somebody logged as a string. */
import { PLATFORM_LIMITS } from '../limits.ts';
import { PRIVATE_PARTS } from './private-keys.ts';

export const REDACTED = '[redacted]';

// Quantifiers are bounded, so that a hostile text costs no more than its length.
const USER_OF_URL = /([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/?#@]{1,512}@/gi;
const SCHEME_AND_TOKEN = /\b(bearer|basic|digest|negotiate)\s+[A-Za-z0-9._~+/=-]{6,8192}/gi;
const JWT = /(?<![\w-])eyJ[\w-]{4,4096}\.[\w-]{2,8192}\.[\w-]{0,2048}/g;
const THREE_PARTS = /(?<![\w.-])[\w-]{16,4096}\.[\w-]{16,8192}\.[\w-]{20,2048}(?![\w.-])/g;
const API_KEY = /(?<![\w-])dgk_[\w-]{16,512}/g;
const MAIL_ADDRESS = /(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,5}[A-Za-z]{2,24}\b/g;

/** `password=…`, `"accessToken": "…"`, `Cookie: …`, `?ticket=…`. */
const parts = [...PRIVATE_PARTS, 'ticket', 'proof', 'nonce', 'set-cookie', 'api[-_]key', 'private[-_]key'].join('|');
const KEY_AND_VALUE = new RegExp(
  String.raw`((?<![A-Za-z0-9])[\w-]{0,24}(?:${parts})[\w-]{0,24}\\?["']?\s{0,3}[=:]\s{0,3})(?:\\?"(?:[^"\\]|\\[^"]){0,4096}\\?"|'[^']{0,4096}'|[^\s&,;"'}\])]{1,4096})`,
  'gi',
);

export function maskText(text: string, maxChars: number = PLATFORM_LIMITS.logTextChars): string {
  // Masked before it is cut: a cut through a token would leave its first half unrecognised.
  const masked = text
    .slice(0, maxChars * 2)
    .replaceAll(USER_OF_URL, `$1${REDACTED}@`)
    .replaceAll(SCHEME_AND_TOKEN, `$1 ${REDACTED}`)
    .replaceAll(JWT, REDACTED)
    .replaceAll(THREE_PARTS, REDACTED)
    .replaceAll(API_KEY, REDACTED)
    .replaceAll(KEY_AND_VALUE, `$1${REDACTED}`)
    .replaceAll(MAIL_ADDRESS, REDACTED);
  return masked.length <= maxChars && text.length <= maxChars * 2 ? masked : `${masked.slice(0, maxChars)}…`;
}
