/** Whose code a frame is: a room of the product, a package, Node itself, or what V8 and native code do. */
import { pathToFileURL } from 'node:url';
import type { Frame } from './stacks.ts';

export interface Place {
  /** `edge`, `ioredis`, `node`, `native`, `garbage collector`. */
  readonly room: string;
  /** What colours it: packages have one together. */
  readonly kind: string;
  /** A path inside the project, or what is left of another one: never where the project lies. */
  readonly file: string;
}

const ROOMS = [
  ...['contracts', 'platform', 'commerce', 'reservation-core', 'db', 'edge', 'queue-workers', 'store-api'],
  ...['bench', 'scripts', 'test'],
] as const;
const PACKAGE = /^.*\/node_modules\/(?<name>@[^/]+\/[^/]+|[^/@][^/]*)\//u;
const ANY_ROOM = new RegExp(`^.*?/(?<path>(?<room>${ROOMS.join('|')})/.*)$`, 'u');

const COLOURS: Readonly<Record<string, string>> = {
  edge: '#f28e2b',
  'store-api': '#f28e2b',
  'queue-workers': '#f28e2b',
  'reservation-core': '#e15759',
  commerce: '#ff9da7',
  db: '#b07aa1',
  platform: '#edc948',
  contracts: '#d9c27a',
  bench: '#9c755f',
  scripts: '#9c755f',
  test: '#9c755f',
  package: '#76b7b2',
  node: '#59a14f',
  native: '#4e79a7',
  'garbage collector': '#7f7f7f',
  threads: '#d4d4d4',
};

export function colourOf(kind: string): string {
  return COLOURS[kind] ?? '#bab0ac';
}

/** `rootFolder` is that of the project. */
export function createPlaces(rootFolder: string): (frame: Pick<Frame, 'name' | 'url'>) => Place {
  const rootUrl = pathToFileURL(`${rootFolder}/`).href;
  return ({ name, url }) => {
    if (url === '') return placeOfNoSource(name);
    if (url.startsWith('node:')) return { room: 'node', kind: 'node', file: url };
    const path = decoded(url);
    const found = PACKAGE.exec(path);
    const named = found?.groups?.['name'];
    if (found !== null && named !== undefined) {
      return { room: named, kind: 'package', file: `${named}/${path.slice(found[0].length)}` };
    }
    const inside = path.startsWith(decoded(rootUrl)) ? `/${path.slice(decoded(rootUrl).length)}` : path;
    const groups = ANY_ROOM.exec(inside)?.groups;
    if (groups === undefined) return { room: 'others', kind: 'others', file: inside.split('/').at(-1) ?? '' };
    const { room = 'others', path: file = '' } = groups;
    return { room, kind: room, file };
  };
}

function placeOfNoSource(name: string): Place {
  if (name === '(garbage collector)') return { room: 'garbage collector', kind: 'garbage collector', file: '' };
  if (name === 'all' || name.startsWith('thread ')) return { room: 'threads', kind: 'threads', file: '' };
  return { room: 'native', kind: 'native', file: '' };
}

/** Text that is no proper URL is taken as it is. */
function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}
