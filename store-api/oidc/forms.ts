import { createHash, timingSafeEqual } from 'node:crypto';
import Type from 'typebox';
import { GuestToken } from '../auth/forms.ts';
import { Refusal } from '../plugins/problems.ts';
import type { Pending, Proved } from './pending.ts';

export const ProviderName = Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' });
export const ByProvider = Type.Object({ provider: ProviderName });
/** 32 bytes in base64url. */
export const SECRET = '^[A-Za-z0-9_-]{43}$';

const proof = {
  code: Type.String({ pattern: SECRET, description: 'As it stood in the fragment. Good for a minute, once.' }),
  verifier: Type.String({
    pattern: '^[A-Za-z0-9._~-]{43,128}$',
    description: 'What the challenge was made of that the sign-in began with.',
  }),
};
export const CodeForm = Type.Object(proof, { additionalProperties: false });
export const ExchangeForm = Type.Object(
  { ...proof, guestToken: Type.Optional(GuestToken) },
  { additionalProperties: false },
);

/** The code is used up also by a wrong verifier: who has seen an address has one guess at 256 bits. */
export async function redeem(
  pending: Pending,
  { code, verifier }: { code: string; verifier: string },
): Promise<Proved> {
  const proved = await pending.takeProved(code);
  const made = createHash('sha256').update(verifier).digest();
  const wanted = Buffer.from(proved?.challenge ?? '', 'base64url');
  const isRight = wanted.length === made.length && timingSafeEqual(wanted, made);
  if (proved === undefined || !isRight)
    throw new Refusal('SIGN_IN_FAILED', { detail: 'The code is unknown, used or too old.' });
  return proved;
}
