import { type Kind, url } from './kinds.ts';
import { regionRedisVariable, type ValueOf, type Variable, type VariableName, variables } from './variables.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ConfigProblem {
  readonly variable: string;
  readonly message: string;
}

export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];
  constructor(problems: readonly ConfigProblem[]) {
    super(`Dropgate cannot start with this environment:\n${problems.map((p) => `  ${p.message}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

export type Config<N extends VariableName> = { readonly [K in N]: ValueOf<K> };

/** Reads the named variables. Every problem is found before the first one is reported. */
export function loadConfig<const N extends VariableName>(env: Environment, names: readonly N[]): Config<N> {
  const problems: ConfigProblem[] = [];
  const entries = names.map((name) => {
    const variable: Variable<unknown> = variables[name];
    return [name, read(env, name, variable, problems)] as const;
  });
  if (problems.length > 0) throw new ConfigError(problems);
  // Object.fromEntries forgets which value belongs to which name; each was parsed by the kind of its own name above.
  return Object.fromEntries(entries) as Config<N>;
}

/** The Redis of each region: its own where its variable is set, else the shared one. */
export function loadRegionRedisUrls(
  env: Environment,
  regions: readonly string[],
  shared: string,
): ReadonlyMap<string, string> {
  const problems: ConfigProblem[] = [];
  const kind = url(['redis:', 'rediss:']);
  const urls = new Map<string, string>();
  for (const region of regions) {
    const name = regionRedisVariable(region);
    const own = read(env, name, { kind, secret: true, fallback: shared, about: '' }, problems);
    if (own !== undefined) urls.set(region, own);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return urls;
}

function read<T>(env: Environment, name: string, variable: Variable<T>, problems: ConfigProblem[]): T | undefined {
  const given = env[name];
  const text = given === undefined || given === '' ? variable.fallback : given;
  if (text === undefined) {
    problems.push({ variable: name, message: `${name} is not set: it must be ${variable.kind.expected}.` });
    return undefined;
  }
  const parsed = variable.kind.parse(text);
  if (parsed.ok) return parsed.value;
  problems.push({ variable: name, message: describe(name, text, variable.kind, variable.secret === true) });
  return undefined;
}

function describe(name: string, given: string, kind: Kind<unknown>, secret: boolean): string {
  const shown = secret ? 'its value (not shown)' : `"${given.slice(0, 80)}"`;
  return `${name} must be ${kind.expected}; ${shown} is not.`;
}
