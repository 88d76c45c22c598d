// Runs one of these programs as a process of its own, until the test that needs it ends: gives its port, and how it ended.
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { WebSocket as WsClient } from 'ws';
import { event, Inbox } from '../inbox.ts';

export async function run(t: TestContext, program: string): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(path.join(import.meta.dirname, program), { execArgv: ['--import', 'tsx'] });
  t.after(() => child.kill());
  const [port] = (await event(child, 'message')) as [number];
  return { child, port };
}

export async function connect(t: TestContext, port: number): Promise<{ client: WsClient; inbox: Inbox }> {
  const client = new WsClient(`ws://127.0.0.1:${port}`);
  t.after(() => client.terminate());
  client.on('error', () => {});
  const inbox = new Inbox(client);
  await event(client, 'open');
  return { client, inbox };
}
