import { forecastCommand } from './command.ts';

const stopping = new AbortController();
process.once('SIGINT', () => stopping.abort());

process.exitCode = await forecastCommand(process.argv.slice(2), {
  env: process.env,
  until: stopping.signal,
  print: (text) => console.log(text),
});
