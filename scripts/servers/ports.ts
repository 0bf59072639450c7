import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';

export interface PortOwner {
  /** Not known when the socket belongs to another user and we are not root. */
  readonly pid: number | undefined;
  readonly command: string;
}

/** A port of 127.0.0.1 that nobody holds at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('the system gave no port'));
      });
    });
  });
}

/**
 * Who listens on a TCP port, on any address. Found by looking and not by binding: uWebSockets.js shares its ports
 * (SO_REUSEPORT), so beside a stale edge a bind would succeed and the stale one would go on taking connections.
 */
export async function whoListens(port: number): Promise<PortOwner | undefined> {
  const owners = await whoListensOn([port]);
  return owners.get(port)?.[0];
}

/** All of them: a stale process may share its port with one that belongs there. Those with a pid come first. */
export async function whoListensOn(
  ports: readonly number[],
): Promise<ReadonlyMap<number, readonly [PortOwner, ...PortOwner[]]>> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(readTable));
  const sockets = tables.flatMap(listeningSockets).filter((socket) => ports.includes(socket.port));
  const owners = new Map<number, [PortOwner, ...PortOwner[]]>();
  if (sockets.length === 0) return owners;
  const pids = await pidsOf(new Set(sockets.map((socket) => socket.inode)));
  const found = sockets.map(({ port, inode }) => ({ port, pid: pids.get(inode) }));
  for (const { port, pid } of found.sort((a, b) => (b.pid ?? 0) - (a.pid ?? 0))) {
    const known = owners.get(port);
    if (known?.some((owner) => owner.pid === pid) === true) continue;
    const command = pid === undefined ? 'a process of another user' : await commandOf(pid);
    if (known === undefined) owners.set(port, [{ pid, command }]);
    else known.push({ pid, command });
  }
  return owners;
}

/** The command line of a process as one would read it, or an empty text when it has gone. */
export async function commandOf(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return text.replaceAll('\0', ' ').trim().slice(0, 200);
}

interface ListeningSocket {
  readonly port: number;
  readonly inode: string;
}

const LISTEN = '0A';

/** Rows of /proc/net/tcp: `sl local_address rem_address st … inode`, addresses as HEX:PORT. */
export function listeningSockets(table: string): readonly ListeningSocket[] {
  return table
    .split('\n')
    .slice(1)
    .flatMap((row) => {
      const fields = row.trim().split(/\s+/);
      const [, local, , state] = fields;
      const inode = fields[9];
      const port = local?.split(':').at(-1);
      if (state !== LISTEN || inode === undefined || port === undefined) return [];
      return [{ port: Number.parseInt(port, 16), inode }];
    });
}

function readTable(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

async function pidsOf(inodes: ReadonlySet<string>): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of processes) {
    if (found.size === inodes.size) break;
    // A process that ends meanwhile, or that is not ours to look into, has no readable descriptors: passed over.
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    const targets = await Promise.all(descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
    for (const target of targets) {
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode !== undefined && inodes.has(inode)) found.set(inode, Number(pid));
    }
  }
  return found;
}
