/**
 * Calls an address that somebody else gave us. The name is resolved here and the call goes to the address that was looked
 * at, so a name that leads elsewhere a moment later leads nowhere; no redirect is followed; the answer is read to a bound.
 */
import { lookup, Resolver } from 'node:dns/promises';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isPublicAddress } from './public-address.ts';
import { literalOf, readTarget } from './targets.ts';

export interface Call {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

export type CallFailure = 'BAD_ADDRESS' | 'INNER_ADDRESS' | 'NO_ADDRESS' | 'TIMEOUT' | 'TLS' | 'NO_CONNECTION';

export type Posted =
  | { readonly ok: true; readonly status: number; readonly answer: string; readonly retryAfterMs: number | undefined }
  | { readonly ok: false; readonly failure: CallFailure; readonly reason: string };

export interface Poster {
  post(call: Call): Promise<Posted>;
  close(): void;
}

export interface PosterOptions {
  readonly isStrict: boolean;
  /** For the whole of a call. */
  readonly deadlineMs: number;
  /** Of the answer; the rest is not read. */
  readonly keptBytes: number;
  /** Connections that are kept open for the next call. */
  readonly keptConnections: number;
  /** Every address of a name. */
  readonly resolve?: (name: string) => Promise<readonly string[]>;
}

/** What follows the head of an answer is only to be looked at by people: nobody waits long for it. */
const BODY_MS = 1_000;
const IDLE_MS = 15_000;

export function createPoster(options: PosterOptions): Poster {
  const { isStrict, deadlineMs, keptConnections } = options;
  const kept = { keepAlive: true, maxFreeSockets: keptConnections, timeout: IDLE_MS };
  const agents = { 'http:': new HttpAgent(kept), 'https:': new HttpsAgent(kept) };
  const resolver = options.resolve ?? (isStrict ? resolveOutside : resolveAnywhere);
  const pinned = pinnedLookup(resolver, isStrict);

  async function once(url: URL, { headers, body }: Call, signal: AbortSignal): Promise<Posted | 'stale'> {
    const isTls = url.protocol === 'https:';
    const asked: RequestOptions = {
      ...{ method: 'POST', signal, lookup: pinned },
      agent: isTls ? agents['https:'] : agents['http:'],
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
    };
    return await new Promise((resolve) => {
      let isAnswered = false;
      const request = (isTls ? httpsRequest : httpRequest)(url, asked);
      request.on('error', (error) => {
        // A connection that was kept open for the next call may be closed by then.
        const isStale = request.reusedSocket && codeOf(error) === 'ECONNRESET';
        resolve(isStale ? 'stale' : failureOf(error, signal));
      });
      request.on('response', (response) => {
        isAnswered = true;
        void readAnswer(response, options.keptBytes).then(resolve);
      });
      // The answer to a wish to change the protocol (101) that nobody had ends the connection without an error.
      request.on('close', () => {
        if (!isAnswered) resolve(failed('NO_CONNECTION', 'it ended without an answer'));
      });
      request.end(body);
    });
  }

  return {
    async post(call) {
      const target = readTarget(call.url, { isStrict });
      if (!target.ok) return { ok: false, failure: 'BAD_ADDRESS', reason: target.why };
      const literal = literalOf(target.url);
      if (isStrict && literal !== undefined && !isPublicAddress(literal)) return inner();
      const signal = AbortSignal.timeout(deadlineMs);
      const first = await once(target.url, call, signal);
      const posted = first === 'stale' ? await once(target.url, call, signal) : first;
      return posted === 'stale' ? failed('NO_CONNECTION', 'the connection was closed') : posted;
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

async function readAnswer(response: IncomingMessage, keptBytes: number): Promise<Posted> {
  const chunks: Buffer[] = [];
  let size = 0;
  await new Promise<void>((resolve) => {
    const tooLong = setTimeout(end, BODY_MS, true);
    function end(isCut: boolean): void {
      clearTimeout(tooLong);
      if (isCut) response.destroy();
      resolve();
    }
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk.subarray(0, keptBytes - size));
      size += chunk.length;
      if (size >= keptBytes) end(true);
    });
    response.on('end', () => end(false));
    response.on('error', () => end(true));
  });
  const answer = Buffer.concat(chunks).toString('utf8').replaceAll('\0', '');
  return { ok: true, status: response.statusCode ?? 0, answer, retryAfterMs: retryAfterOf(response) };
}

function retryAfterOf({ headers }: IncomingMessage): number | undefined {
  const seconds = /^\d{1,6}$/.exec(headers['retry-after'] ?? '')?.[0];
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}

/** As net.connect asks for it. One address that is not out there spoils the name: it could be the one that is taken next. */
function pinnedLookup(resolve: (name: string) => Promise<readonly string[]>, isStrict: boolean): LookupFunction {
  return (name, { all }, callback) => {
    resolve(name).then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined) return callback(new CallError('NO_ADDRESS'), '', 0);
        if (isStrict && !addresses.every(isPublicAddress)) return callback(new CallError('INNER_ADDRESS'), '', 0);
        const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
        if (all === true) return callback(null, found);
        callback(null, first, first.includes(':') ? 6 : 4);
      },
      () => callback(new CallError('NO_ADDRESS'), '', 0),
    );
  };
}

/**
 * By asking a name server itself: the lookup of the system runs in the four threads that files and hashes need as well, and
 * a few names whose servers are silent would hold up everybody. A name of /etc/hosts is none that everybody can reach.
 */
async function resolveOutside(name: string): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  const [four, six] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  return [four, six].flatMap((found) => (found.status === 'fulfilled' ? found.value : []));
}

async function resolveAnywhere(name: string): Promise<readonly string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => address);
}

class CallError extends Error {
  readonly failure: 'NO_ADDRESS' | 'INNER_ADDRESS';
  constructor(failure: 'NO_ADDRESS' | 'INNER_ADDRESS') {
    super(failure);
    this.failure = failure;
  }
}

function failureOf(error: Error, signal: AbortSignal): Posted {
  if (error instanceof CallError) {
    return error.failure === 'INNER_ADDRESS' ? inner() : failed('NO_ADDRESS', 'the name leads nowhere');
  }
  if (signal.aborted) return failed('TIMEOUT', 'no answer in time');
  const code = codeOf(error);
  const isTls = code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || /CERT|SELF_SIGNED|VERIFY|EPROTO/.test(code);
  return failed(isTls ? 'TLS' : 'NO_CONNECTION', code === '' ? 'no connection' : code);
}

function inner(): Posted {
  return failed('INNER_ADDRESS', 'it leads to an address that is not public');
}

function failed(failure: CallFailure, reason: string): Posted {
  return { ok: false, failure, reason };
}

function codeOf(error: Error): string {
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? code : '';
}
