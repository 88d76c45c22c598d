// Lets a Python program join the chat: an implementation of RFC 6455 that shares nothing with this one or with `ws`.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { testDemo } from '../support/demo.ts';
import { pythonWith } from '../support/tools.ts';
import { PlainClient } from './plain-client.ts';

const python = pythonWith('websockets', 'python3-websockets');

const program = `
import asyncio, sys, websockets

async def main():
    async with websockets.connect(sys.argv[1]) as ws:
        await ws.send("Python: hello ✓")
        async for message in ws:
            print(message)
            if message == "Node: bye":
                break
    print("closed", ws.close_code)

asyncio.run(main())
`;

test('a Python program chats, and leaves with a clean closing handshake', {
  skip: python.skip,
}, async (t) => {
  const demo = await testDemo();
  t.after(() => demo.close(0));
  const client = await PlainClient.join(demo.port);
  const child = spawn(python.path, ['-c', program, `ws://127.0.0.1:${demo.port}/ws`], {
    env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const printed = text(child.stdout);
  await client.hear('Python: hello ✓');
  client.say('Node: bye');
  const lines = (await printed).split('\n');
  assert.deepEqual(lines.slice(-4), ['* Guest 1 is Node now', 'Node: bye', 'closed 1000', '']);
  assert.ok(lines.includes('Python: hello ✓'));
});
