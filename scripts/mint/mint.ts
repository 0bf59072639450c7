/** Access tokens of shoppers, as the store issues them, one after the other so that any number fits in memory. */
import type { DropDefinition } from '../../contracts/drop.ts';
import { regionsOf } from '../../contracts/drop.ts';
import type { IdSource } from '../../contracts/ids.ts';
import type { AccessTokens, Identity } from '../../platform/tokens/access-token.ts';

export interface Minting {
  readonly count: number;
  readonly tokens: AccessTokens;
  /** Whose tokens they are: guests, each a new one, unless given. */
  readonly shopper?: Identity;
  readonly nextId: IdSource;
  /** The line that the tokens are for, told beside each of them. */
  readonly line?: { readonly drop: DropDefinition; readonly edgeUrl: string };
}

/** A token a line; for a drop JSON with the address of its line, over its regions in turn. */
export async function* mint({ count, tokens, shopper, nextId, line }: Minting): AsyncGenerator<string> {
  const regions = line === undefined ? [] : regionsOf(line.drop);
  for (let at = 0; at < count; at += 1) {
    const who = shopper ?? ({ userId: nextId(), kind: 'guest', role: 'shopper' } as const);
    const { userId: shopperId } = who;
    const { accessToken: token } = await tokens.issue(who);
    if (line === undefined) yield token;
    else {
      const region = regions[at % regions.length] ?? '';
      const url = `${line.edgeUrl}/v1/drops/${line.drop.id}/line?region=${region}`;
      yield JSON.stringify({ shopperId, token, url });
    }
  }
}
