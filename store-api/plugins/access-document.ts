/** What the document says about who may call a route: the declaration itself, as `x-access`. */
import { scopeFor } from '../../contracts/api-keys.ts';
import type { Access } from './access-kinds.ts';

export function describeAccess(access: Access, method: string): Readonly<Record<string, unknown>> {
  switch (access.to) {
    case 'everybody':
      return { to: 'everybody' };
    case 'signed-in':
      return { to: 'signed-in', guests: access.guests };
    case 'roles':
      return {
        to: 'roles',
        roles: access.roles,
        ...(access.area === undefined ? {} : { apiKey: scopeFor(access.area, method) }),
      };
    case 'own':
      return { to: 'own', param: access.param, orRoles: access.orRoles, guests: access.guests };
  }
}

/** `GET /api/v1/users/:id/orders` is `getUsersByIdOrders`: steady, and unlike any other, without being thought of. */
export function operationIdOf(method: string, url: string): string {
  const words = url
    .replace(/^\/api\/v1/, '')
    .split('/')
    .filter((part) => part !== '')
    .flatMap((part) => (part.startsWith(':') ? ['by', ...part.slice(1).split(/[-_.]/)] : part.split(/[-_.]/)));
  return [method.toLowerCase(), ...words.map(capitalised)].join('');
}

function capitalised(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

/** The capability is the first word of the path. */
export function tagOf(url: string): string {
  return /^\/api\/v1\/(?<first>[a-z-]+)/.exec(url)?.groups?.['first'] ?? 'running';
}
