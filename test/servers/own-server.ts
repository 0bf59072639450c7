import { afterAll, beforeAll } from 'vitest';
import { FromBeforeAll } from './from-before-all.ts';
import { askDeadlineMs, askHost } from './host/client.ts';
import type { OwnServer, ServerKind } from './host/protocol.ts';

export interface KillableServer {
  readonly address: string;
  /** The same, for those whose address is one. */
  readonly url: string;
  readonly pid: number;
  /** kill -9; resolves once it is gone. */
  kill(): Promise<void>;
  /** Same port, same data; stopped in order first if it still runs. Resolves once it answers. */
  restart(): Promise<void>;
}

/** A server that no other test file uses, so that this one may kill it. */
export function useOwnServer(kind: ServerKind): KillableServer {
  const server = new FromBeforeAll<OwnServer>(`the own ${kind}`);
  beforeAll(async () => server.set(await askHost('startOwn', { kind })), askDeadlineMs);
  afterAll(async () => {
    const id = server.valueIfThere?.id;
    if (id !== undefined) await askHost('removeOwn', { id });
  });
  return {
    get address() {
      return server.value.address;
    },
    get url() {
      return server.value.address;
    },
    get pid() {
      return server.value.pid;
    },
    async kill() {
      await askHost('killOwn', { id: server.value.id });
    },
    async restart() {
      server.set(await askHost('restartOwn', { id: server.value.id }));
    },
  };
}
