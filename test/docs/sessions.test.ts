// The tables about sessions of the engine: its packets, its refusals, what ends a session, what an upgrade may meet.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { newId } from '../../src/ids.ts';
import { type EngineErrorCode, errorMessages } from '../../src/protocol/engineio/errors.ts';
import { packetTypes } from '../../src/protocol/engineio/packet.ts';
import {
  type Answer,
  ending,
  type Polled,
  polling,
  type Stage,
  stage,
  until,
  webSocket,
} from '../engine/stage.ts';
import { event } from '../websocket/inbox.ts';
import { valueIn } from './defaults.ts';
import { rowsOf } from './page.ts';
import { theOne } from './pages.ts';

test('the packets are those of the code', () => {
  const rows = rowsOf(theOne('packet types').lines).map(([digit, name]) => [Number(digit), name]);
  assert.deepEqual(rows, [...packetTypes.entries()]);
});

test('the open packet has these fields and, by default, these values', async (t) => {
  const run = await stage(t);
  const open: Record<string, unknown> = { ...(await run.poll()).open };
  for (const [field, value] of rowsOf(theOne('open packet').lines)) {
    if (field === 'sid') assert.equal(value, `${String(open.sid).length} characters`);
    else
      assert.equal(
        valueIn(value!),
        Array.isArray(open[field!]) ? JSON.stringify(open[field!]) : open[field!],
      );
    delete open[field!];
  }
  assert.deepEqual(open, {});
  assert.equal(newId().length, 20);
});

describe('the table of refusals', () => {
  const rows = rowsOf(theOne('engine refusals').lines);
  const provoke: Record<number, (run: Stage) => Promise<Answer>> = {
    0: (run) => run.request('EIO=4&transport=pigeon'),
    1: (run) => run.get('nobody'),
    2: (run) => run.request(polling, { method: 'POST' }, '4a'),
    3: async (run) => run.get((await run.connect()).sid),
    4: (run) => run.request(polling),
    5: (run) => run.request('EIO=3&transport=polling'),
  };

  test('has every code', () => {
    assert.deepEqual(
      rows.map(([code, , message]) => [code, message]),
      Object.entries(errorMessages),
    );
  });

  for (const [code, status, message] of rows) {
    test(`${code} is answered with ${status}, ${message}`, async (t) => {
      const run = await stage(t, code === '4' ? { allowRequest: (_req, done) => done(null, false) } : {});
      const answer = await provoke[Number(code) as EngineErrorCode]!(run);
      assert.equal(answer.status, Number(status));
      assert.deepEqual(JSON.parse(answer.body), { code: Number(code), message });
    });
  }
});

type Deed = (run: Stage, polled: Polled) => Promise<Pick<Answer, 'status' | 'body'> | undefined>;

const octets = { 'Content-Type': 'application/octet-stream' };

/** What each row of the table of ends says that the client does; the answer. */
const deeds: Record<string, Deed> = {
  'posts a close packet': (run, { sid }) => run.post(sid, '1'),
  'sends a second GET while one is open': async (run, polled) => {
    await run.waitingPoll(polled);
    return run.get(polled.sid);
  },
  'breaks off its open GET': async (run, { sid, session }) => {
    const request = run.open(`${polling}&sid=${sid}`).end();
    request.on('error', () => {});
    await until(() => session.transport.writable, 'poll');
    request.destroy();
    return undefined;
  },
  'sends a second POST while one is read': async (run, { sid }) => {
    const first = run.open(`${polling}&sid=${sid}`, { method: 'POST' });
    first.on('error', () => {});
    first.write('4a');
    await event(run.http, 'request');
    return run.post(sid, '4b');
  },
  'posts something that is no packet': (run, { sid }) => run.post(sid, 'nonsense'),
  'posts a ping, which is the server’s part': (run, { sid }) => run.post(sid, '2'),
  'posts application/octet-stream': (run, { sid }) => run.post(sid, '4a', octets),
  'posts more than maxPayload': (run, { sid, open }) => run.post(sid, `4${'a'.repeat(open.maxPayload)}`),
  'does not answer a ping': async () => undefined,
  'did nothing: the server closes': async (run, polled) => {
    const { waiting } = await run.waitingPoll(polled);
    polled.session.close();
    return waiting;
  },
};

function shown(answer: Pick<Answer, 'status' | 'body'> | undefined): string {
  if (answer === undefined) return 'none';
  return answer.body === '1' ? 'a close packet' : `${answer.status} ${answer.body}`.trim();
}

describe('the table of ends', () => {
  const rows = rowsOf(theOne('session ends').lines);

  test('has a row for each that is tried here', () => {
    assert.deepEqual(new Set(rows.map(([deed]) => deed)), new Set(Object.keys(deeds)));
  });

  for (const [deed, answer, reason] of rows) {
    test(`${deed}: ${answer}, ${reason}`, async (t) => {
      const fast = deed === 'does not answer a ping' ? { pingInterval: 10, pingTimeout: 10 } : {};
      const run = await stage(t, { ...fast, maxHttpBufferSize: 1000 });
      const polled = await run.poll();
      const ended = ending(polled.session);
      ended.catch(() => {});
      assert.equal(shown(await deeds[deed!]!(run, polled)), answer);
      if (reason === 'goes on') assert.equal(polled.session.readyState, 'open');
      else assert.equal((await ended).reason, reason);
    });
  }
});

/** What goes wrong in an upgrade; what is seen of it then. */
const failures: Record<string, (t: TestContext) => Promise<unknown>> = {
  'there is no such session (any more)': async (t) => {
    const run = await stage(t);
    const { status, body } = await run.refusedUpgrade(`${webSocket}&sid=nobody`);
    assert.deepEqual([status, body], [400, 'Session ID unknown']);
  },
  'another candidate is on trial, or has won': async (t) => {
    const run = await stage(t);
    const { sid, session } = await run.poll();
    const first = await run.candidate(sid);
    await (await run.candidate(sid)).inbox.end();
    first.client.send('5');
    await until(() => session.upgraded, 'upgrade');
    await (await run.candidate(sid)).inbox.end();
    assert.equal(session.readyState, 'open');
  },
  'the candidate says something other than 2probe or 5': async (t) => {
    const run = await stage(t);
    const { sid, session } = await run.poll();
    const { client, inbox } = await run.candidate(sid);
    client.send('4hello');
    await inbox.end();
    assert.deepEqual([session.readyState, session.transport.name], ['open', 'polling']);
  },
  'the candidate’s connection ends': async (t) => {
    const run = await stage(t);
    const { sid, session } = await run.poll();
    const { client } = await run.candidate(sid);
    client.terminate();
    await until(() => !session.upgrading, 'end of the candidate');
    assert.deepEqual([session.readyState, session.transport.name], ['open', 'polling']);
  },
  'the candidate says nothing for upgradeTimeout': async (t) => {
    const run = await stage(t, { upgradeTimeout: 20 });
    const { sid, session } = await run.poll();
    await (await run.candidate(sid)).inbox.end();
    assert.deepEqual([session.readyState, session.transport.name], ['open', 'polling']);
  },
  'the server closes the session': async (t) => {
    const run = await stage(t);
    const polled = await run.poll();
    const { inbox } = await run.candidate(polled.sid);
    const { waiting } = await run.waitingPoll(polled);
    polled.session.close();
    await inbox.end();
    assert.equal((await waiting).body, '1');
  },
  'the client polls again after its 5': async (t) => {
    const run = await stage(t);
    const { sid, session } = await run.poll();
    const { client } = await run.candidate(sid);
    client.send('5');
    await until(() => session.upgraded, 'upgrade');
    const { status, body } = await run.get(sid);
    assert.deepEqual([status, JSON.parse(body).message], [400, 'Bad request']);
    assert.equal(session.readyState, 'open');
  },
};

describe('the table of failing upgrades', () => {
  for (const [, trouble, outcome] of rowsOf(theOne('upgrade failures').lines)) {
    test(`${trouble}: ${outcome}`, async (t) => {
      assert.ok(failures[trouble!], 'nothing here tries it');
      await failures[trouble!]!(t);
    });
  }
});

test('the costs of heartbeats are worked out right', () => {
  const clients = 10_000;
  for (const [interval, timeout, found, packets] of rowsOf(theOne('heartbeat costs').lines)) {
    const [pingInterval, pingTimeout] = [Number(valueIn(interval!)), Number(valueIn(timeout!))];
    assert.equal(valueIn(found!), pingInterval + pingTimeout);
    assert.equal(valueIn(packets!), (2 * clients * 1000) / pingInterval);
  }
});
