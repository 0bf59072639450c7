import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort, listeningSockets, whoListens } from './ports.ts';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function listenOn(host: string, port: number): Promise<void> {
  const server = createServer();
  open.push(server);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen({ host, port }, () => resolve()));
}

describe('whoListens', () => {
  it.each(['127.0.0.1', '0.0.0.0', '::1'])('names the process that listens on %s', async (host) => {
    const port = await freePort();
    await listenOn(host, port);
    const owner = await whoListens(port);
    expect(owner?.pid).toBe(process.pid);
    expect(owner?.command).toContain('node');
  });

  it('says that nobody listens on a free port', async () => {
    expect(await whoListens(await freePort())).toBeUndefined();
  });
});

describe('listeningSockets', () => {
  it('reads addresses of both kinds and passes over sockets that do not listen', () => {
    const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0000 100 0 0 10 0
   1: 0100007F:1F90 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0000 20 4 30 10 -1
   2: 00000000000000000000000001000000:0BB8 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4713 1
`;
    expect(listeningSockets(table)).toEqual([
      { port: 8080, inode: '4711' },
      { port: 3000, inode: '4713' },
    ]);
  });
});
