import type { Events } from './events.ts';
import type { ClientEvents, ClientState } from './state.ts';

/** Resolves once the client is in a state, rejects when it closes instead. */
export function until<A extends ClientState['at']>(
  client: { readonly state: ClientState; readonly on: Events<ClientEvents>['on'] },
  at: A,
): Promise<Extract<ClientState, { at: A }>> {
  return new Promise((resolve, reject) => {
    let off = (): void => undefined;
    const look = (state: ClientState): boolean => {
      if (isAt(state, at)) resolve(state);
      else if (state.at === 'closed') reject(new Error(`The line was closed: ${JSON.stringify(state.why)}`));
      else return false;
      off();
      return true;
    };
    if (!look(client.state)) off = client.on('state', look);
  });
}

function isAt<A extends ClientState['at']>(state: ClientState, at: A): state is Extract<ClientState, { at: A }> {
  return state.at === at;
}
