/** The kinds of values that a variable can have: each says what it expects, so that a wrong one can be named. */

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
