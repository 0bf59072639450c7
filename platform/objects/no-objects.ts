import { PlatformError } from '../errors.ts';
import type { ObjectStore } from './objects.ts';

/** For a process that has no object store: nothing is there, and nothing can be kept. */
export const NO_OBJECTS: ObjectStore = {
  put: async () => {
    throw new PlatformError('OBJECTS_UNREACHABLE', 'this process has no object store', { retryable: false });
  },
  get: async () => undefined,
  head: async () => undefined,
  remove: async () => undefined,
  check: async () => undefined,
  tidy: async () => undefined,
};
