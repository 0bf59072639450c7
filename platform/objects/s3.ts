/**
 * Objects in a store that speaks S3: AWS, MinIO, Ceph, versitygw. The bucket is in the path of the address, which each of
 * them understands. Every call has a deadline and is tried again where the store says that it is busy.
 */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { AwsClient } from 'aws4fetch';
import { PlatformError } from '../errors.ts';
import { PLATFORM_LIMITS } from '../limits.ts';
import { checkKey, type ObjectStore } from './objects.ts';

export interface S3Options {
  /** Of the bucket: https://s3.eu-central-1.amazonaws.com/pictures */
  readonly url: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

interface Asked {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
}

export function openS3({ url, region, accessKey, secretKey }: S3Options): ObjectStore {
  const bucket = url.replace(/\/+$/, '');
  // Its own tries have no deadline; those below have one.
  const client = new AwsClient({
    ...{ accessKeyId: accessKey, secretAccessKey: secretKey },
    ...{ service: 's3', region, retries: 0 },
  });

  async function once({ method, path, headers = {}, body }: Asked): Promise<Response> {
    const signal = AbortSignal.timeout(PLATFORM_LIMITS.objectsCallMs);
    // What is sent is part of the signature: a proxy that changes a byte is found out.
    const digest = createHash('sha256')
      .update(body ?? '')
      .digest('hex');
    const signed = await client.sign(`${bucket}${path}`, {
      method,
      headers: { ...headers, 'x-amz-content-sha256': digest },
      ...(body === undefined ? {} : { body }),
    });
    return await fetch(signed, { signal, redirect: 'error' });
  }

  async function ask(asked: Asked): Promise<Response> {
    for (let tried = 1; ; tried += 1) {
      const isLast = tried === PLATFORM_LIMITS.objectsTries;
      const answer = await once(asked).catch((cause: unknown) => {
        if (isLast) throw failureOf(asked, 'no answer', { cause });
        return undefined;
      });
      if (answer !== undefined && !isBusy(answer.status)) return answer;
      await answer?.body?.cancel();
      if (isLast) throw failureOf(asked, `answered ${answer?.status}`);
      await delay(PLATFORM_LIMITS.objectsRetryMs * tried);
    }
  }

  /** For answers of which only the status counts. */
  async function statusOf(asked: Asked, expected: readonly number[]): Promise<Response> {
    const answer = await ask(asked);
    await answer.body?.cancel();
    if (!expected.includes(answer.status)) throw failureOf(asked, `answered ${answer.status}`);
    return answer;
  }

  const pathOf = (key: string) => `/${checkKey(key)}`;
  return {
    async put(key, bytes, { contentType }) {
      // Lent to the call: a copy in an array of its own, as a slice of a pool would send the whole pool.
      const body = new Uint8Array(bytes);
      const headers = { 'content-type': contentType };
      await statusOf({ method: 'PUT', path: pathOf(key), headers, body }, [200, 201, 204]);
    },
    async get(key) {
      const asked = { method: 'GET', path: pathOf(key) } as const;
      const answer = await ask(asked);
      if (answer.status === 200 && answer.body !== null) {
        const bytes = sizeOf(asked, answer);
        return { bytes, body: Readable.fromWeb(answer.body) };
      }
      await answer.body?.cancel();
      if (answer.status === 404) return undefined;
      throw failureOf(asked, `answered ${answer.status}`);
    },
    async head(key) {
      const asked = { method: 'HEAD', path: pathOf(key) } as const;
      const answer = await statusOf(asked, [200, 404]);
      return answer.status === 404 ? undefined : { bytes: sizeOf(asked, answer) };
    },
    async remove(key) {
      await statusOf({ method: 'DELETE', path: pathOf(key) }, [200, 204, 404]);
    },
    async check() {
      await statusOf({ method: 'HEAD', path: '' }, [200]);
    },
    async tidy() {
      // An object appears whole or not at all.
    },
  };
}

const isBusy = (status: number) => status >= 500 || status === 429;

function failureOf({ method, path }: Asked, why: string, options: { cause?: unknown } = {}): PlatformError {
  const retryable = !why.startsWith('answered 4');
  return new PlatformError('OBJECTS_UNREACHABLE', `the object store: ${method} ${path}: ${why}`, {
    ...{ retryable, ...options },
  });
}

function sizeOf(asked: Asked, { headers }: Response): number {
  const bytes = Number(headers.get('content-length') ?? Number.NaN);
  if (!Number.isSafeInteger(bytes) || bytes < 0) throw failureOf(asked, 'says no size');
  return bytes;
}
