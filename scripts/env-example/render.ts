import { type Variable, type VariableName, variables } from '../../platform/config/variables.ts';

/** Only docker-compose.yml reads these; the processes get what is made of them. */
export const composeOnly = {
  POSTGRES_PASSWORD:
    'Password of the PostgreSQL that docker compose runs; required there. Part of a URL, so only letters and digits.',
} as const;

/** Titles in the order of the file. A variable belongs to the first group that it fits; the last takes the rest. */
const groups: readonly { title: string; fits: RegExp }[] = [
  { title: 'Secrets. For each: openssl rand -hex 32', fits: /^(?!PAYMENT_).*_SECRET$/ },
  { title: 'Redis', fits: /^REDIS_/ },
  { title: 'Kafka', fits: /^KAFKA_/ },
  { title: 'PostgreSQL', fits: /^DATABASE_/ },
  { title: 'Payments', fits: /^PAYMENT_/ },
  { title: 'Mail', fits: /^(SMTP|MAIL)_/ },
  { title: 'Where the processes listen', fits: /^(?!LOCAL_).*_(HOST|PORT|PUBLIC_URL)$/ },
  { title: 'The local servers of npm start', fits: /^(LOCAL_|DATA_DIR$)/ },
  { title: 'Everything else', fits: /^/ },
];

const head = `# Every environment variable of Dropgate, made from platform/config/variables.ts by
#   node scripts/env-example/main.ts --write
# npm start needs none of them. docker compose reads .env: copy this file there and fill in what is empty and required.
# What has a default is commented out and shows it; an empty value counts as unset.
`;

/** The text of .env.example. Secrets are empty, whatever their default: a password must never begin as an example. */
export function renderEnvExample(): string {
  const names = Object.keys(variables).filter(isVariable);
  const sections = groups.map(({ title }, index) => {
    const own = names.filter((name) => groups.findIndex((group) => group.fits.test(name)) === index);
    return own.length === 0 ? '' : `\n# --- ${title} ---\n${own.map(renderVariable).join('')}`;
  });
  const compose = Object.entries(composeOnly).map(([name, about]) => `\n${comment(about)}${name}=\n`);
  return `${head}${sections.join('')}\n# --- docker compose only ---\n${compose.join('')}`;
}

function isVariable(name: string): name is VariableName {
  return Object.hasOwn(variables, name);
}

function renderVariable(name: VariableName): string {
  const { about, kind, fallback, secret }: Variable<unknown> = variables[name];
  const required = fallback === undefined ? ' Required, except by npm start.' : '';
  const shape = `Must be ${kind.expected}.${required}`;
  if (secret === true) {
    const standard = fallback === undefined || fallback === '' ? '' : ` Without it: ${fallback}`;
    return `\n${comment(about)}${comment(shape + standard)}${name}=\n`;
  }
  return `\n${comment(about)}${comment(shape)}${fallback === undefined ? '' : '# '}${name}=${fallback ?? ''}\n`;
}

const lineWidth = 118;

function comment(text: string): string {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const last = lines.length - 1;
    const longer = `${lines[last]} ${word}`;
    if (longer.length > lineWidth && lines[last] !== '') lines.push(` ${word}`);
    else lines[last] = longer;
  }
  return lines.map((line) => `#${line}\n`).join('');
}
