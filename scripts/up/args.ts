export type Asked = 'run' | 'help' | { readonly unknown: string };

/** These commands take no options but --help. */
export function readArguments(args: readonly string[]): Asked {
  if (args.includes('--help') || args.includes('-h')) return 'help';
  const [unknown] = args;
  return unknown === undefined ? 'run' : { unknown };
}
