import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepsTheContract } from '../../test/fixtures/object-contract.ts';
import { S3_ACCOUNT, type StrictS3, startStrictS3 } from '../../test/fixtures/strict-s3.ts';
import { FromBeforeAll } from '../../test/servers/from-before-all.ts';
import { PLATFORM_LIMITS } from '../limits.ts';
import { openObjectFolder } from './folder.ts';
import { openObjects } from './open-objects.ts';
import { openS3 } from './s3.ts';

const AS_WEBP = { contentType: 'image/webp' } as const;

describe('a folder of objects', () => {
  const folder = new FromBeforeAll<string>('the folder');
  beforeAll(async () => folder.set(await mkdtemp(join(tmpdir(), 'dropgate-objects-'))));
  afterAll(() => rm(folder.value, { recursive: true, force: true }));
  const open = () => openObjectFolder(join(folder.value, 'below', 'this'));

  keepsTheContract(open);

  it('leaves nothing half written, and removes what a process that died has left', async () => {
    const root = join(folder.value, 'tidy');
    const objects = openObjectFolder(root);
    await mkdir(join(root, 'taken'), { recursive: true });
    // A folder stands where the file should go.
    await expect(objects.put('taken', Buffer.of(1), AS_WEBP)).rejects.toThrow();
    expect(await readdir(root)).toEqual(['taken']);
    await writeFile(join(root, '.writing-old'), 'half');
    await writeFile(join(root, '.writing-new'), 'half');
    const longAgo = new Date(Date.now() - 2 * 3_600_000);
    await utimes(join(root, '.writing-old'), longAgo, longAgo);
    await objects.tidy(Date.now());
    expect((await readdir(root)).toSorted()).toEqual(['.writing-new', 'taken']);
  });

  it('does not take a folder for an object', async () => {
    const objects = open();
    await objects.put('some/where/deep', Buffer.of(1), AS_WEBP);
    expect([await objects.get('some/where'), await objects.head('some')]).toEqual([undefined, undefined]);
    expect(await objects.get('some/where/deep/deeper')).toBeUndefined();
  });

  it('says when it cannot be used', async () => {
    const file = join(folder.value, 'a-file');
    await writeFile(file, '');
    await expect(openObjectFolder(file).check()).rejects.toThrow();
    await symlink(join(folder.value, 'nowhere'), join(folder.value, 'dangling'));
    await expect(openObjectFolder(join(folder.value, 'dangling', 'x')).check()).rejects.toThrow();
  });
});

describe('a store that speaks S3', () => {
  const server = new FromBeforeAll<StrictS3>('the store');
  beforeAll(async () => server.set(await startStrictS3()));
  afterAll(() => server.value.close());
  const open = (changes: Partial<typeof S3_ACCOUNT> | { readonly secretKey: string } = {}) =>
    openS3({ url: server.value.url, ...S3_ACCOUNT, ...changes });

  keepsTheContract(open);

  it('is told of what kind an object is, in one request each', async () => {
    await open().put('kind', Buffer.of(1), AS_WEBP);
    expect(server.value.kept.get('kind')?.type).toBe('image/webp');
    expect(server.value.refused).toEqual([]);
  });

  it('refuses another secret, and is not asked a second time', async () => {
    const other = open({ secretKey: 'another secret' });
    const refused = { code: 'OBJECTS_UNREACHABLE', retryable: false };
    await expect(other.put('a', Buffer.of(1), AS_WEBP)).rejects.toMatchObject(refused);
    await expect(other.check()).rejects.toMatchObject(refused);
    expect(server.value.refused).toEqual(['the signature is another', 'the signature is another']);
    server.value.refused.length = 0;
  });

  it('is asked again while it is busy, but not for ever', async () => {
    server.value.faults.push('busy', 'busy');
    await open().put('busy', Buffer.of(1), AS_WEBP);
    expect(await open().head('busy')).toEqual({ bytes: 1 });
    server.value.faults.push(...Array.from({ length: PLATFORM_LIMITS.objectsTries }, () => 'busy' as const));
    await expect(open().get('busy')).rejects.toMatchObject({ code: 'OBJECTS_UNREACHABLE', retryable: true });
    expect(server.value.faults).toEqual([]);
    server.value.faults.push('forbidden');
    await expect(open().remove('busy')).rejects.toMatchObject({ retryable: false });
  });

  it('that breaks off in the middle of an object does not pass for all of it', async () => {
    await open().put('cut', Buffer.alloc(100_000), AS_WEBP);
    server.value.faults.push('cut');
    const found = await open().get('cut');
    await expect(found === undefined ? undefined : buffer(found.body)).rejects.toThrow();
  });

  it('that is not there is not waited for', async () => {
    const gone = openS3({ url: 'http://127.0.0.1:1/pictures', ...S3_ACCOUNT });
    await expect(gone.head('a')).rejects.toMatchObject({ code: 'OBJECTS_UNREACHABLE', retryable: true });
  });
});

it('is chosen by the configuration, which has to be whole', () => {
  const config = {
    ...{ OBJECTS_URL: '', OBJECTS_REGION: 'us-east-1', OBJECTS_ACCESS_KEY: '', OBJECTS_SECRET_KEY: '' },
    OBJECTS_DIR: tmpdir(),
  };
  expect(openObjects(config)).toBeDefined();
  expect(() => openObjects({ ...config, OBJECTS_URL: 'https://s3.example/b' })).toThrow(/OBJECTS_ACCESS_KEY/);
});
