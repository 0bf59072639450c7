import { join, relative } from 'node:path';
import { DEMO_DROP_ID, DEMO_PASSWORD, DEMO_USERS } from '../seed/demo.ts';
import { reachableHost } from './our-process.ts';
import { opsPort } from './port-claims.ts';
import { processesOf } from './processes.ts';
import { localEnvFile } from './secrets.ts';
import type { Settings } from './settings.ts';
import { localGatewayUrl } from './stand-ins.ts';

export interface ScreenOptions {
  readonly settings: Settings;
  /** What paths are shown relative to: where the reader is. */
  readonly root: string;
  readonly seconds: number;
}

/** What stays on the screen while everything runs. */
export function renderReady({ settings, root, seconds }: ScreenOptions): string {
  const { config, dataDir, standIns } = settings;
  const edge = `${reachableHost(config.EDGE_HOST)}:${config.EDGE_PORT}`;
  const store = `http://${reachableHost(config.STORE_HOST)}:${config.STORE_PORT}`;
  const metrics = processesOf(settings)
    .map((process) => `${process.name} :${opsPort(process, config).port}`)
    .join('  ');
  const shown = (path: string) => shownPath(root, path);
  const demo = config.NODE_ENV !== 'production';
  const lines = [
    `Dropgate is ready in ${seconds.toFixed(1)} s`,
    '',
    `  store API      ${store}/api/v1`,
    `  edge           ws://${edge}/v1/drops/{dropId}/line   http://${edge}/v1/drops/{dropId}`,
    `  payments       ${tellPayments(settings)}`,
    ...(standIns.has('SMTP_URL') ? [`  mail           http://127.0.0.1:${config.LOCAL_MAILBOX_PORT}`] : []),
    `  metrics        http://${reachableHost(config.OPS_HOST)}:PORT/metrics (also /health, /ready)   ${metrics}`,
    `  logs           ${shown(join(dataDir, 'logs'))}/`,
    `  database       ( . ${shown(localEnvFile(dataDir))} && psql "$DATABASE_URL" )`,
    ...(demo
      ? [`  accounts       ${DEMO_USERS.map(({ email }) => email).join('  ')}`, `  password       ${DEMO_PASSWORD}`]
      : []),
    '',
    ...(demo
      ? [
          'Try:',
          `  curl ${store}/api/v1/drops`,
          `  curl http://${edge}/v1/drops/${DEMO_DROP_ID}`,
          'docs/PROTOCOL.md has ten lines that join the line and buy something.',
        ]
      : ['docs/PROTOCOL.md says how to join a line and claim.']),
    'npm run doctor checks that all is well; npm stop stops it from another terminal.',
    '',
    'Ctrl-C stops all of it.',
  ];
  return `\n${lines.join('\n')}\n`;
}

function tellPayments({ config, standIns }: Settings): string {
  if (!standIns.has('PAYMENT_API_URL')) return new URL(config.PAYMENT_API_URL).origin;
  return `local gateway ${localGatewayUrl(config)} (test cards: docs/PAYMENTS.md)`;
}

/** A path as one would type it from where one is; `./` so that a shell's `.` finds it. */
export function shownPath(root: string, path: string): string {
  const short = relative(root, path);
  return short.startsWith('..') ? path : `./${short}`;
}
