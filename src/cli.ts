#!/usr/bin/env node
// The command `wirehub`: arguments and environment come in, the demo runs until SIGINT or SIGTERM.
import { readFileSync } from 'node:fs';
import { greeting } from './demo/greeting.ts';
import { type Command, explainListenError, readCommand, UsageError, usage } from './demo/options.ts';
import { type Demo, startDemo } from './demo/server.ts';

// One step up from src and, in the package, from dist.
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

async function main(): Promise<void> {
  const command = readCommand(process.argv.slice(2), process.env);
  if (command.do === 'help') process.stdout.write(usage);
  else if (command.do === 'version') console.log(version);
  else stopOnSignal(await serve(command));
}

async function serve({ host, port }: Command & { do: 'serve' }): Promise<Demo> {
  try {
    const demo = await startDemo(host, port);
    console.log(greeting(version, demo.address));
    return demo;
  } catch (error) {
    const words = explainListenError(error as NodeJS.ErrnoException, host, port);
    throw words === undefined ? error : new UsageError(words);
  }
}

function stopOnSignal(demo: Demo): void {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const stop = () => {
    // Whoever is in a hurry sends the signal again, and Node's own handling ends the process.
    for (const signal of signals) process.off(signal, stop);
    console.log('Closing every connection with 1012 (service restart).');
    demo.close().catch(fail);
  };
  for (const signal of signals) process.on(signal, stop);
}

function fail(error: unknown): void {
  console.error(error instanceof UsageError ? `wirehub: ${error.message}` : error);
  process.exitCode = 1;
}

main().catch(fail);
