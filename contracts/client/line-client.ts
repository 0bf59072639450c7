/**
 * A shopper's end of the line, for pages, benches and tests: connects, keeps the place through every loss, knows when to
 * come back and when not, and gets each claim its one answer. Needs nothing but a WebSocket.
 */
import type { EdgeMessageOf } from '../line/messages.ts';
import type { ClaimOutcome, ClaimRequest } from './claims.ts';
import { Conversation } from './conversation.ts';
import type { Events } from './events.ts';
import type { LineClientOptions } from './options.ts';
import type { ClientEvents, ClientState, LineView } from './state.ts';

export interface LineClient {
  readonly state: ClientState;
  readonly view: LineView | undefined;
  /** As the last welcome told it. */
  readonly drop: EdgeMessageOf<'welcome'>['drop'] | undefined;
  readonly on: Events<ClientEvents>['on'];
  /** Resolves once it is in this state, rejects when it closes instead. */
  until<A extends ClientState['at']>(at: A): Promise<Extract<ClientState, { at: A }>>;
  /** Waits for the admission, survives lost connections, and has one answer. Without a key it makes one. */
  claim(request: Omit<ClaimRequest, 'key'> & { readonly key?: string }): Promise<ClaimOutcome>;
  /** Gives the place up; news of orders still come. */
  leave(): void;
  /** Takes a new place after `passed` or `left`. */
  rejoin(): void;
  close(): void;
}

export function openLineClient(options: LineClientOptions): LineClient {
  const client = new Conversation(options);
  client.open();
  return client;
}
