import { join } from 'node:path';
import { lastLines } from '../../../scripts/servers/log-file.ts';
import type { Exit, LocalServer } from '../../../scripts/servers/server.ts';
import type { ServerKind } from './protocol.ts';
import { makePlace, type Place, startServer } from './server-kinds.ts';

/** The servers that all test files share: each is started by the first file that asks for it, and only then. */
export class SharedServers {
  readonly #folder: string;
  readonly #starting = new Map<ServerKind, Promise<LocalServer>>();
  readonly #stopping = new AbortController();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** One start for all who ask. A failed one is not tried again: every file would wait for its deadline anew. */
  get(kind: ServerKind): Promise<LocalServer> {
    const known = this.#starting.get(kind);
    if (known !== undefined) return known;
    const starting = this.#start(kind);
    this.#starting.set(kind, starting);
    return starting;
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the test servers are stopping'));
    await Promise.all([...this.#starting.values()].map(stopOnceStarted));
  }

  async #start(kind: ServerKind): Promise<LocalServer> {
    this.#stopping.signal.throwIfAborted();
    const place = await makePlace(kind, join(this.#folder, kind));
    const server = await startServer(place, this.#stopping.signal);
    // Not awaited: it ends with the run, or is the one explanation for all the failures that follow.
    void server.exited.then((end) => (this.#stopping.signal.aborted ? undefined : reportEnd(place, end)));
    return server;
  }
}

async function stopOnceStarted(starting: Promise<LocalServer>): Promise<void> {
  const server = await starting.catch(() => undefined);
  await server?.stop();
}

async function reportEnd(place: Place, { code, signal }: Exit): Promise<void> {
  const said = (await lastLines(place.logFile, 15)).map((line) => `  ${line}\n`).join('');
  process.stderr.write(
    `\nThe ${place.kind} of the tests ended by itself (code ${code}, signal ${signal}). It said last:\n${said}`,
  );
}
