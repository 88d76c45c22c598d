// A session of `wscat` in: what was typed is sent, and what was printed must come, in that order. The client is `ws`.
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import { within } from '../../websocket/inbox.ts';

const options = {
  connect: { type: 'string', short: 'c' },
  header: { type: 'string', short: 'H', multiple: true },
  origin: { type: 'string', short: 'o' },
  subprotocol: { type: 'string', short: 's', multiple: true },
  'show-ping-pong': { type: 'boolean', short: 'P' },
  slash: { type: 'boolean' },
} as const;

/** Prints as wscat does in a terminal, and lets lines be waited for. */
class Printer {
  readonly #lines: string[] = [];
  #printed = () => {};

  print(line: string): void {
    this.#lines.push(line);
    this.#printed();
  }

  async next(): Promise<string> {
    if (this.#lines.length === 0) {
      const printed = new Promise<void>((resolve) => {
        this.#printed = resolve;
      });
      await within(printed, 'line of wscat');
    }
    return this.#lines.shift()!;
  }
}

/** @param words of the command, after its name */
export async function replayWscat(words: readonly string[], lines: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...words], options });
  const headers = (values.header ?? []).map((header) => header.split(/: ?/) as [string, string]);
  const printer = new Printer();
  const client = new WebSocket(values.connect!, values.subprotocol ?? [], {
    headers: Object.fromEntries(headers),
    ...(values.origin !== undefined && { origin: values.origin }),
  });
  const shows = (kind: string) => (data: Buffer) => printer.print(`< Received ${kind} (data: "${data}")`);
  client.on('open', () => printer.print('Connected (press CTRL+C to quit)'));
  client.on('message', (data) => printer.print(`< ${data}`));
  client.on('error', (error) => printer.print(`error: ${error.message}`));
  client.on('close', (code, reason) => printer.print(`Disconnected (code: ${code}, reason: "${reason}")`));
  if (values['show-ping-pong']) client.on('ping', shows('ping')).on('pong', shows('pong'));
  try {
    for (const line of lines) {
      if (!/^>( |$)/.test(line)) assert.equal(await printer.next(), line);
      else if (values.slash && line.startsWith('> /')) slash(client, line.slice(3).split(' '));
      else client.send(line.slice(2));
    }
  } finally {
    client.terminate();
  }
}

function slash(client: WebSocket, [verb, ...words]: string[]): void {
  if (verb === 'ping') client.ping(words[0]);
  else if (verb === 'pong') client.pong(words[0]);
  else if (verb === 'close') client.close(Number(words[0] ?? 1000), words.slice(1).join(' '));
  else throw new Error(`wscat knows no /${verb}`);
}
