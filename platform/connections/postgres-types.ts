import { PlatformError } from '../errors.ts';

export function parseInt8(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new PlatformError('NUMBER_TOO_LARGE', `the database sent ${text}, which a number cannot hold exactly`, {
    retryable: false,
  });
}

/** `{1,NULL,2}`, nested or not. */
export function parseInt8Array(text: string): unknown {
  const json = text
    .slice(text.indexOf('{'))
    .replaceAll('{', '[')
    .replaceAll('}', ']')
    .replaceAll('NULL', 'null')
    // As texts: JSON.parse would round what is too large.
    .replaceAll(/-?\d+/g, '"$&"');
  return numbersIn(JSON.parse(json));
}

/** A timestamp without a zone is UTC here, whatever the zone of the machine. */
export function parseUtcTimestamp(text: string): Date | number | string {
  if (text === 'infinity') return Number.POSITIVE_INFINITY;
  if (text === '-infinity') return Number.NEGATIVE_INFINITY;
  const date = new Date(`${text.replace(' ', 'T')}Z`);
  return Number.isNaN(date.getTime()) ? text : date;
}

function numbersIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(numbersIn);
  return typeof value === 'string' ? parseInt8(value) : value;
}

/** The code of an error that the server answered with. Each has a digit; EPIPE is as long, and nobody's answer. */
export function isSqlState(code: unknown): code is string {
  return typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code);
}
