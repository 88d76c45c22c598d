// An independent implementation as peer: Python's `websockets`, with its own ideas of fragments, pings and compression.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { pythonWith } from '../../support/tools.ts';
import { closing, event } from '../inbox.ts';
import { type Stage, stage, type WebSocket } from '../stage.ts';

const { skip, path: python } = pythonWith('websockets', 'python3-websockets');
const script = path.join(import.meta.dirname, 'client.py');

async function talk(on: Stage, scenario: string): Promise<void> {
  await promisify(execFile)(python, [script, String(on.port), scenario], { timeout: 30_000 });
}

/** Echoes, and closes as it is told to: `close CODE REASON`. */
function obey(on: Stage): void {
  on.server.on('connection', (peer) => {
    peer.on('message', (data, isBinary) => {
      const [, code, reason] = /^close (\d+) (.*)$/.exec(isBinary ? '' : String(data)) ?? [];
      if (code !== undefined) peer.close(Number(code), reason);
      else peer.send(data as Buffer, { binary: isBinary });
    });
  });
}

for (const [title, scenario] of [
  ['§5.6 text and binary data come back as they went', 'messages'],
  ['§5.4 fragmented messages come back', 'fragments'],
  ['§5.5.2 pings are answered', 'ping'],
  ['RFC 7692 §7.2 compressed messages come back, with windows that reach over messages', 'context_takeover'],
  ['§7.1.5 learns the code and reason the server closes with', 'is_closed'],
] as const) {
  test(title, { skip }, async (t) => {
    const on = await stage(t, { perMessageDeflate: true });
    obey(on);
    await talk(on, scenario);
  });
}

test('§7.1.5 the code and reason of Python reach the server', { skip }, async (t) => {
  const on = await stage(t);
  const connected = event(on.server, 'connection');
  const talked = talk(on, 'closes');
  const [peer] = (await connected) as [WebSocket];
  assert.deepEqual(await closing(peer), { code: 4321, reason: 'grüße' });
  await talked;
});
