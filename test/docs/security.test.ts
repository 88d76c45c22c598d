// The table of what is on by default: each row is tried against a server without any options.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { WebSocket } from 'ws';
import type { Socket } from '../../src/hub/socket.ts';
import { event, type Stage, stage } from '../hub/stage.ts';
import { rowsOf } from './page.ts';
import { theOne } from './pages.ts';

const polling = '/socket.io/?EIO=4&transport=polling';
const webSocket = '/socket.io/?EIO=4&transport=websocket';
const elsewhere = { Origin: 'https://evil.example' };

async function closedAfter(made: Stage, message: string | Buffer): Promise<string> {
  const { webSocket: client, inbox } = await made.raw();
  client.send('40');
  await inbox.text();
  client.send(message);
  const { code } = await inbox.end();
  return code === 1005 ? 'the connection is closed' : `close ${code}`;
}

/** What happens when somebody tries, in the words of the table. */
const attempts: Record<string, (made: Stage) => Promise<string>> = {
  'a page of another site opens a WebSocket': async (made) => {
    const client = new WebSocket(made.url + webSocket, { headers: elsewhere });
    const [, refusal] = await once(client, 'unexpected-response');
    refusal.resume();
    return String(refusal.statusCode);
  },
  'a page of another site reads answers of long-polling': async (made) => {
    const { headers } = await fetch(made.url + polling, { headers: elsewhere });
    const allowed = headers.get('Access-Control-Allow-Origin');
    return allowed ?? 'no Access-Control-Allow-Origin: its browser refuses';
  },
  'a message is too large': (made) => closedAfter(made, `4${'a'.repeat(1_000_000)}`),
  'a POST is too large': async (made) => {
    const opened = await (await fetch(made.url + polling)).text();
    const { sid } = JSON.parse(opened.slice(1)) as { sid: string };
    const body = `4${'a'.repeat(1_000_000)}`;
    return String((await fetch(`${made.url}${polling}&sid=${sid}`, { method: 'POST', body })).status);
  },
  'JSON is nested too deep': (made) => closedAfter(made, `42["a",${'['.repeat(300)}${']'.repeat(300)}]`),
  'an event has a name that only the library raises': (made) => closedAfter(made, '42["disconnect"]'),
  'a session id is __proto__': async (made) => {
    const answer = await fetch(`${made.url}${polling}&sid=__proto__`);
    const { message } = (await answer.json()) as { message: string };
    return `${answer.status}, ${message}`;
  },
  'a handler throws': async (made) => {
    const { client, socket } = await made.pair();
    socket.on('break', () => {
      throw new Error('broken');
    });
    socket.on('ask', (answer) => answer('fine'));
    const failed = event(socket as Socket, 'error');
    client.emit('break');
    const [error] = (await failed) as [Error];
    assert.equal(error.message, 'broken');
    assert.equal(await client.emitWithAck('ask'), 'fine');
    return 'error on that socket; the process goes on';
  },
  'an attachment comes that nobody announced': (made) => closedAfter(made, Buffer.from([1])),
  'a client offers compression': async (made) => {
    const client = new WebSocket(made.url + webSocket, { perMessageDeflate: true });
    await once(client, 'open');
    const { extensions } = client;
    client.terminate();
    return extensions === '' ? 'it is declined' : extensions;
  },
};

describe('what is on by default', () => {
  for (const [attempt, outcome] of rowsOf(theOne('on by default').lines)) {
    test(`${attempt}: ${outcome}`, async (t) => {
      assert.ok(attempts[attempt!], 'nothing here tries it');
      assert.equal(await attempts[attempt!]!(await stage(t)), outcome);
    });
  }
});
