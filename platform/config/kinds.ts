/** The kinds of values that a variable can have: each says what it expects, so that a wrong one can be named. */
import { isIP } from 'node:net';

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false };

export interface Kind<T> {
  /** Completes the sentence "… must be", for example "a port from 1 to 65535". */
  readonly expected: string;
  parse(text: string): Parsed<T>;
}

const bad = { ok: false } as const;
const good = <T>(value: T): Parsed<T> => ({ ok: true, value });

export function integer(bounds: { min: number; max: number; unit?: string }): Kind<number> {
  const { min, max, unit } = bounds;
  return {
    expected: `a whole number ${unit === undefined ? '' : `of ${unit} `}from ${min} to ${max}`,
    parse(text) {
      if (!/^-?\d{1,15}$/.test(text)) return bad;
      const value = Number(text);
      return value >= min && value <= max ? good(value) : bad;
    },
  };
}

export function port(): Kind<number> {
  return { ...integer({ min: 1, max: 65_535 }), expected: 'a port from 1 to 65535' };
}

export function text(shape: { pattern: RegExp; expected: string }): Kind<string> {
  return { expected: shape.expected, parse: (value) => (shape.pattern.test(value) ? good(value) : bad) };
}

/** Long enough that it cannot be guessed; what it says is never shown again. */
export function secret(minLength: number): Kind<string> {
  return {
    expected: `a secret of at least ${minLength} characters`,
    parse: (value) => (value.length >= minLength ? good(value) : bad),
  };
}

/** For what one may do without. */
export function orNothing(kind: Kind<string>): Kind<string> {
  return { expected: `${kind.expected}, or nothing`, parse: (value) => (value === '' ? good('') : kind.parse(value)) };
}

export function url(protocols: readonly string[]): Kind<string> {
  return {
    expected: `a URL that starts with ${protocols.map((p) => `${p}//`).join(' or ')}`,
    parse(value) {
      if (!URL.canParse(value)) return bad;
      const parsed = new URL(value);
      return protocols.includes(parsed.protocol) && parsed.hostname !== '' ? good(value) : bad;
    },
  };
}

/** An address or a network, as the names of hosts change under one's hands. */
export function network(): Kind<string> {
  return {
    expected: 'an address or a network like 10.0.0.0/8',
    parse(value) {
      const [address = '', bits, ...rest] = value.split('/');
      const family = isIP(address);
      if (family === 0 || rest.length > 0) return bad;
      const most = family === 4 ? 32 : 128;
      const isWhole = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
      return isWhole ? good(value) : bad;
    },
  };
}

/** As a browser sends it: scheme, host and port, nothing after. */
export function origin(): Kind<string> {
  return {
    expected: '* or an origin like https://shop.example',
    parse(value) {
      if (value === '*') return good(value);
      if (!URL.canParse(value)) return bad;
      const parsed = new URL(value);
      return ['http:', 'https:'].includes(parsed.protocol) && parsed.origin === value.toLowerCase() ? good(value) : bad;
    },
  };
}

export function oneOf<const T extends string>(choices: readonly T[]): Kind<T> {
  return {
    expected: `one of ${choices.join(', ')}`,
    parse(value) {
      const found = choices.find((choice) => choice === value);
      return found === undefined ? bad : good(found);
    },
  };
}

/** A comma-separated list of distinct entries. */
export function list<T>(of: Kind<T>, bounds: { min: number; max: number }): Kind<readonly T[]> {
  return {
    expected: `a comma-separated list of ${bounds.min} to ${bounds.max} different entries, each ${of.expected}`,
    parse(value) {
      const parts = value
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '');
      if (parts.length < bounds.min || parts.length > bounds.max || new Set(parts).size !== parts.length) return bad;
      const values: T[] = [];
      for (const part of parts) {
        const parsed = of.parse(part);
        if (!parsed.ok) return bad;
        values.push(parsed.value);
      }
      return good(values);
    },
  };
}

export function hostAndPort(): Kind<string> {
  return {
    expected: 'host:port',
    parse(value) {
      const match = /^(?<host>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:]+\]):(?<port>\d{1,5})$/.exec(value);
      return match?.groups?.port !== undefined && port().parse(match.groups.port).ok ? good(value) : bad;
    },
  };
}
