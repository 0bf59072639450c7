/** How a variable is described, and what several of them are. */
import { type Kind, text } from '../kinds.ts';

export interface Variable<T> {
  readonly kind: Kind<T>;
  /** As it would be written in the environment. Without one, the variable has to be set. */
  readonly fallback?: string;
  readonly secret?: true;
  readonly about: string;
}

export const variable = <T>(definition: Variable<T>): Variable<T> => definition;

export const host = text({ pattern: /^[A-Za-z0-9._:-]{1,253}$/, expected: 'a host name or an address' });
export const prefix = text({ pattern: /^[a-z0-9._-]{0,40}$/, expected: 'up to 40 of a-z 0-9 . _ -, or nothing' });
export const sender = text({
  pattern: /^([^\r\n<>"@]{1,100} <[^\s<>@]{1,64}@[^\s<>@]{1,189}>|[^\s<>@]{1,64}@[^\s<>@]{1,189})$/,
  expected: 'a mail address, or Name <address>',
});
export const path = text({ pattern: /^[^\0]{1,4096}$/, expected: 'a path' });
