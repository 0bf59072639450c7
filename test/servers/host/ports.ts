import { createServer } from 'node:net';

/**
 * Below the range from which the system takes the local ports of outgoing connections (32768 and up on Linux): a port
 * from that range could be taken by any client in the moment in which a killed server waits for its restart.
 */
const lowest = 20_000;
const highest = 32_000;

const taken = new Set<number>();

/** A port that nobody listens on and that this run did not hand out before. */
export async function takePort(): Promise<number> {
  for (let tries = 0; tries < 200; tries += 1) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (taken.has(port) || !(await isFree(port))) continue;
    taken.add(port);
    return port;
  }
  throw new Error(`no free port found from ${lowest} to ${highest}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
