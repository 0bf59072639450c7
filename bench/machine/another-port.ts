const TRIES = 3;

/**
 * Between looking for a free port and listening on it, a process has to start: meanwhile any connection of this machine
 * may be given that port. `start` looks for another one each time.
 */
export async function onAnotherPort<T>(start: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start();
    } catch (error) {
      if (tries === TRIES || !String(error).includes('EADDRINUSE')) throw error;
    }
  }
}
