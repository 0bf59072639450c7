/**
 * Which addresses are out there. Somebody else names where we call (a webhook, a push service): it must not be this machine,
 * its neighbours, or the address where a cloud tells its secrets. What is in none of these blocks is public.
 */
import { isIP } from 'node:net';
import { createAddressSet } from '../address-set.ts';

/** IANA's special-purpose addresses, all but a handful that nobody needs to reach. */
const isSpecialV4 = createAddressSet([
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24'],
  ...['198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'],
]);
/** Only 2000::/3 is given out; in it stand ways back to IPv4 (6to4, Teredo), which could lead anywhere. */
const isGlobalV6 = createAddressSet(['2000::/3']);
const isSpecialV6 = createAddressSet(['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20', '2620:4f:8000::/48']);

export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !isSpecialV4(address);
    case 6:
      return !address.includes('%') && isGlobalV6(address) && !isSpecialV6(address);
    default:
      return false;
  }
}
