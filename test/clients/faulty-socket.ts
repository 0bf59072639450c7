import type { MakeSocket, SocketLike } from '../../contracts/client/socket.ts';

/** What a network does to one frame on its way in. `cut` loses the frame and everything after it, with the socket. */
export type Fate = 'arrives' | 'lost' | 'cut';

/** Real sockets with a network between that fails where the test says so. */
export function faultySockets(fateOf: (frame: string) => Fate): MakeSocket & { made(): number } {
  let made = 0;
  const make = (url: string): SocketLike => {
    made += 1;
    const socket = new WebSocket(url);
    let cut = false;
    // First in the row of listeners, so that nobody behind it hears what is lost.
    socket.addEventListener('message', (event) => {
      const fate = cut ? 'lost' : fateOf(String(event.data));
      if (fate !== 'arrives') event.stopImmediatePropagation();
      if (fate !== 'cut') return;
      cut = true;
      socket.close();
    });
    return socket;
  };
  return Object.assign(make, { made: () => made });
}
