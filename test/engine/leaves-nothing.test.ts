// What is left of sessions when they are gone, and of an engine when it is closed: nothing.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describe, test } from 'node:test';
import { within } from '../websocket/inbox.ts';
import { ending, stage } from './stage.ts';

const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

describe('nothing is left', () => {
  test('a program ends by itself when its engine is closed', async () => {
    const program = path.join(import.meta.dirname, 'programs/ends.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exit = within(once(child, 'exit'), 'end of the program', 20_000).finally(() => child.kill());
    const output = Buffer.concat(await child.stdout.toArray()).toString();
    assert.equal(output, '6\n1 0\n');
    assert.deepEqual(await exit, [0, null]);
  });

  test('no timer of sessions, closing sessions and upgrades', async (t) => {
    const run = await stage(t);
    await run.request('EIO=4');
    const before = timers();
    const { session: idle } = await run.poll();
    const { session: closing } = await run.poll();
    closing.send('never').close();
    const { session: leaving } = await run.poll();
    leaving.close();
    const { sid, session: upgrading } = await run.poll();
    await run.candidate(sid);
    assert.ok(timers() > before);
    const ended = Promise.all([idle, closing, leaving, upgrading].map(ending));
    run.engine.close();
    await ended;
    // The WebSocket of the candidate has been asked to close, and is given time to answer.
    assert.ok(timers() <= before + 1);
  });

  test('no listener on the sockets of requests that were answered', async (t) => {
    const run = await stage(t);
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    t.after(() => process.off('warning', onWarning));
    const { sid, session } = await run.poll();
    const socket = await run.tcp();
    socket.setEncoding('utf8');
    for (let i = 0; i < 30; i++) {
      session.send(String(i));
      socket.write(`GET /engine.io/?EIO=4&transport=polling&sid=${sid} HTTP/1.1\r\nHost: a\r\n\r\n`);
      const [text] = await once(socket, 'data');
      assert.match(text, new RegExp(`4${i}$`));
    }
    assert.deepEqual(warnings, []);
  });
});
