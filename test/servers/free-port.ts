/** For tests of the rooms, which may not look into scripts/. */
export { freePort } from '../../scripts/servers/ports.ts';
