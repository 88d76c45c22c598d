// A chat of some people for some time, by one of the ways; what it cost and how long the words took go out.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Join, Person } from './clients.ts';
import type { Spent } from './server.ts';

export interface Chat {
  readonly people: number;
  /** Said in all, one after the other. */
  readonly messages: number;
  /** Milliseconds between one and the next. */
  readonly pause: number;
}

export interface Outcome extends Spent {
  /** Milliseconds from saying to hearing, of each message and each person, the shortest first. */
  readonly delays: readonly number[];
}

/** Resolves when everybody has heard everything. */
export async function chat(join: Join, { people, messages, pause }: Chat): Promise<Outcome> {
  const server = fork(path.join(import.meta.dirname, 'server.ts'), { execArgv: ['--import', 'tsx'] });
  const persons: Person[] = [];
  try {
    const [port] = (await once(server, 'message')) as [number];
    const delays: number[] = [];
    let heardAll = () => {};
    const done = new Promise<void>((resolve) => {
      heardAll = resolve;
    });
    const hear = (message: string) => {
      delays.push(performance.now() - (JSON.parse(message) as { at: number }).at);
      if (delays.length === people * messages) heardAll();
    };
    for (let i = 0; i < people; i++) persons.push(await join(port, hear));
    const before = await spent(server);
    for (let i = 0; i < messages; i++) {
      persons[i % people]!.say(
        JSON.stringify({ from: i % people, at: performance.now(), text: 'as we said, at eight' }),
      );
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    await done;
    const after = await spent(server);
    return {
      requests: after.requests - before.requests,
      bytes: after.bytes - before.bytes,
      cpu: after.cpu - before.cpu,
      delays: delays.sort((a, b) => a - b),
    };
  } finally {
    for (const person of persons) person.leave();
    server.disconnect();
    await once(server, 'exit');
  }
}

async function spent(server: ChildProcess): Promise<Spent> {
  const answer = once(server, 'message');
  server.send('spent?');
  const [spent] = (await answer) as [Spent];
  return spent;
}
