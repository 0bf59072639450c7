/**
 * The one list of what is nobody's business. A value under such a key is never logged, wherever it stands; compared
 * without case, `-` and `_`, so that `access_token`, `accessToken` and `Access-Token` are the same key.
 */

/** Private when they are the whole key. */
export const PRIVATE_KEYS: ReadonlySet<string> = new Set([
  'pass',
  'ticket',
  'nonce',
  'proof',
  'pin',
  'otp',
  'jwt',
  'signature',
  'sid',
  'session',
  'sessionid',
  'auth',
  'rawheaders',
  'name',
  'firstname',
  'lastname',
  'fullname',
  'displayname',
  'recipient',
  'street',
  'city',
  'postcode',
  'postalcode',
  'zip',
  'birthday',
  'dateofbirth',
  'card',
  'pan',
  'cvc',
  'cvv',
  'iban',
]);

/** Private wherever they stand in the key. */
export const PRIVATE_PARTS: readonly string[] = [
  'token',
  'password',
  'passwd',
  'passphrase',
  'secret',
  'authorization',
  'cookie',
  'credential',
  'apikey',
  'privatekey',
  'email',
  'phone',
  'address',
  'cardnumber',
];

export function isPrivate(key: string, value: unknown): boolean {
  const plain = key.toLowerCase().replaceAll(/[-_\s]/g, '');
  if (PRIVATE_KEYS.has(plain) || PRIVATE_PARTS.some((part) => plain.includes(part))) return true;
  // `tickets` may be a list of them, or how many there are.
  const isCount = typeof value === 'number';
  return !isCount && (PRIVATE_KEYS.has(plain.replace(/s$/, '')) || PRIVATE_KEYS.has(plain.replace(/es$/, '')));
}
