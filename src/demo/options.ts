// Reads the demo's command line and environment: words come in; what to do, or a complaint that helps, goes out.
import { parseArgs } from 'node:util';

export const usage = `Wirehub: a chat for everyone who connects, on a WebSocket server written from the bytes up.

Usage: wirehub [options]            (from a checkout: npm start -- [options])

  -p, --port <number>   port to listen on, 0 for any free one   (else $PORT, else 3000)
      --host <address>  address to listen on; 0.0.0.0 lets your network in
                                                                (else $HOST, else 127.0.0.1)
  -h, --help            show this text
  -v, --version         show the version
`;

/** Something the user can put right; its message says what, why and how. */
export class UsageError extends Error {}

export type Command = { do: 'help' } | { do: 'version' } | { do: 'serve'; host: string; port: number };

const options = {
  port: { type: 'string', short: 'p' },
  host: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

export function readCommand(args: string[], env: Record<string, string | undefined>): Command {
  // Not strict, because the complaints of parseArgs are written for programmers.
  const { values, tokens } = parseArgs({ args, options, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'positional') {
      throw new UsageError(`"${token.value}" is not an option. See wirehub --help for those there are.`);
    }
    if (token.kind !== 'option') continue;
    const known = Object.hasOwn(options, token.name) && options[token.name as keyof typeof options];
    if (!known)
      throw new UsageError(`There is no option ${token.rawName}. See wirehub --help for those there are.`);
    if (known.type === 'boolean' && token.value !== undefined) {
      throw new UsageError(`${token.rawName} takes no value; leave "=${token.value}" out.`);
    }
    if (known.type === 'string' && (!token.value || (!token.inlineValue && token.value.startsWith('-')))) {
      const example = token.name === 'port' ? '8080' : '0.0.0.0';
      throw new UsageError(`${token.rawName} needs a value after it, as in ${token.rawName} ${example}.`);
    }
  }
  if (values.help) return { do: 'help' };
  if (values.version) return { do: 'version' };
  const port =
    typeof values.port === 'string' ? readPort('--port', values.port) : readPort('PORT', env.PORT || '3000');
  const host = typeof values.host === 'string' ? values.host : env.HOST || '127.0.0.1';
  return { do: 'serve', host, port };
}

function readPort(source: string, text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65535) return port;
  throw new UsageError(`${source} is "${text}", but a port is a whole number from 0 to 65535, such as 3000.`);
}

/** What went wrong when listening, in words; undefined for an error that no user can put right. */
export function explainListenError(
  error: NodeJS.ErrnoException,
  host: string,
  port: number,
): string | undefined {
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is taken: another program, perhaps another Wirehub, listens there. Stop it, or choose another port: wirehub --port ${port === 65535 ? 3000 : port + 1}.`;
    case 'EACCES':
      return `This user may not listen on port ${port} (ports below 1024 are often kept for the administrator). Choose another: wirehub --port 3000.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return `"${host}" is no address of this machine, so nothing can listen there. Use --host 127.0.0.1 for this machine only, or --host 0.0.0.0 for every network it is on.`;
    default:
      return undefined;
  }
}
