/** The object store that the configuration names. */
import type { Config } from '../config/load.ts';
import { PlatformError } from '../errors.ts';
import type { Check } from '../health.ts';
import { openObjectFolder } from './folder.ts';
import type { ObjectStore } from './objects.ts';
import { openS3 } from './s3.ts';

export const OBJECTS_VARIABLES = [
  ...(['OBJECTS_URL', 'OBJECTS_REGION', 'OBJECTS_ACCESS_KEY', 'OBJECTS_SECRET_KEY', 'OBJECTS_DIR'] as const),
] as const;

export function openObjects(config: Config<(typeof OBJECTS_VARIABLES)[number]>): ObjectStore {
  const { OBJECTS_URL: url, OBJECTS_ACCESS_KEY: accessKey, OBJECTS_SECRET_KEY: secretKey } = config;
  if (url === '') return openObjectFolder(config.OBJECTS_DIR);
  if (accessKey === '' || secretKey === '') {
    const why = 'OBJECTS_URL needs OBJECTS_ACCESS_KEY and OBJECTS_SECRET_KEY';
    throw new PlatformError('OBJECTS_UNREACHABLE', why, { retryable: false });
  }
  return openS3({ url, region: config.OBJECTS_REGION, accessKey, secretKey });
}

/** Without it no pictures are shown or taken; everything else goes on. */
export function objectsCheck(objects: ObjectStore, name = 'objects'): Check {
  return { name, needed: false, check: () => objects.check() };
}
