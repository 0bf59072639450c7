import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalServer } from '../../../scripts/servers/server.ts';
import type { OwnServer, ServerKind } from './protocol.ts';
import { makePlace, type Place, startServer } from './server-kinds.ts';

interface Entry {
  readonly place: Place;
  readonly folder: string;
  server: LocalServer;
}

/** Servers that belong to one test file, which kills and restarts them. */
export class OwnServers {
  readonly #folder: string;
  readonly #entries = new Map<string, Entry>();
  readonly #starting = new Set<Promise<LocalServer>>();
  readonly #stopping = new AbortController();
  #count = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async start(kind: ServerKind): Promise<OwnServer> {
    this.#count += 1;
    const id = `own-${kind}-${this.#count}`;
    const folder = join(this.#folder, id);
    const place = await makePlace(kind, folder);
    const server = await this.#begin(place);
    this.#entries.set(id, { place, folder, server });
    return describe(id, server);
  }

  async kill(id: string): Promise<void> {
    const { server } = this.#entry(id);
    try {
      process.kill(server.pid, 'SIGKILL');
    } catch (error) {
      if (!isGone(error)) throw error;
    }
    await server.exited;
  }

  async restart(id: string): Promise<OwnServer> {
    const entry = this.#entry(id);
    await entry.server.stop();
    entry.server = await this.#begin(entry.place);
    return describe(id, entry.server);
  }

  async remove(id: string): Promise<void> {
    const entry = this.#entry(id);
    this.#entries.delete(id);
    await entry.server.stop();
    await rm(entry.folder, { recursive: true, force: true });
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the test servers are stopping'));
    // A start that fails has no server to stop; who asked for it was told why.
    await Promise.allSettled(this.#starting);
    await Promise.all([...this.#entries.values()].map((entry) => entry.server.stop()));
  }

  async #begin(place: Place): Promise<LocalServer> {
    const starting = startServer(place, this.#stopping.signal);
    this.#starting.add(starting);
    try {
      return await starting;
    } finally {
      this.#starting.delete(starting);
    }
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new Error(`there is no server ${id}`);
    return entry;
  }
}

const describe = (id: string, server: LocalServer): OwnServer => ({ id, address: server.address, pid: server.pid });

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ESRCH';
}
