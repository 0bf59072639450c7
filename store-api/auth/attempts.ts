/** How often a password may be tried. Counted by what was sent, whether there is such an account or not. */
import type { FastifyRequest } from 'fastify';
import { LIMITS } from '../../contracts/limits.ts';
import type { RateLimits } from '../plugins/rate-limits.ts';

export async function countAttempt(limits: RateLimits, request: FastifyRequest, email: string): Promise<void> {
  const [who, address] = [email.toLowerCase(), limits.addressOf(request)];
  const cost = LIMITS.loginCost;
  if (!limits.isUnlimited(request)) {
    await limits.take('login-address', address, LIMITS.loginsPerAddress, cost);
    // The first wall is by account and address together: who guesses elsewhere does not lock the owner out.
    await limits.take('login', `${who} ${address}`, LIMITS.loginsPerAccountAndAddress, cost);
  }
  await limits.take('login-account', who, LIMITS.loginsPerAccount, cost);
}
