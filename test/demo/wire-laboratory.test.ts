// The laboratory: what each preset predicts is what the server does, and no experiment can reach further than it should.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { echoLimits } from '../../src/demo/wire/echo.ts';
import type { LabRecord } from '../../src/demo/wire/records.ts';
import { verdict } from '../../src/demo/wire/verdict.ts';
import { dissect } from '../../src/protocol/rfc6455/dissection.ts';
import { FrameSlicer } from '../../src/protocol/rfc6455/frame-slicer.ts';
import { type TestDemo, testDemo } from '../support/demo.ts';
import { bytes } from '../vectors/vectors.ts';
import { newToken, WireStream } from './wire-stream.ts';

type Reply =
  | { text: string }
  | { binary: string }
  | { pong: string }
  | { close: number; reason?: string; error?: string }
  | { status: number; reason: string };

interface Preset {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly section: string;
  readonly deflate?: boolean;
  readonly request?: object;
  readonly frames: readonly string[];
  readonly expect: readonly Reply[];
}

const file = new URL('../../static/inspector/presets.json', import.meta.url);
const presets = JSON.parse(readFileSync(file, 'utf8')) as Preset[];

let demo: TestDemo;
before(async () => {
  demo = await testDemo();
});
after(() => demo.close(0));

/** Bytes in hex, in which `61*256` stands for the byte 61 two hundred and fifty-six times. */
function writesOf({ frames }: Preset): Buffer[] {
  return frames.map((frame) =>
    Buffer.concat(
      frame.split(' ').map((part) => (part.includes('*') ? bytes(part) : Buffer.from(part, 'hex'))),
    ),
  );
}

/** What came back, in the words of a preset; what answers the laboratory itself is left out. */
function repliesOf(steps: readonly LabRecord[], deflate: boolean): Reply[] {
  const response = steps.find(({ step }) => step === 'response')!;
  if (response.status !== 101) return [{ status: response.status!, reason: response.body!.trimEnd() }];
  const stream = Buffer.concat(
    steps.filter(({ step }) => step === 'received').map((step) => Buffer.from(step.bytes!, 'base64')),
  );
  const violation = steps.find(({ step }) => step === 'violation');
  let window = Buffer.alloc(0);
  const replies = new FrameSlicer().push(stream).map((slice): Reply => {
    const { opcode, rsv1, payload } = dissect(slice.bytes);
    let data = Buffer.from(payload);
    if (rsv1) {
      assert.ok(deflate);
      const input = Buffer.concat([data, Buffer.from('0000ffff', 'hex')]);
      data = inflateRawSync(input, { finishFlush: 2, ...(window.length > 0 && { dictionary: window }) });
      window = Buffer.concat([window, data]);
    }
    if (opcode === 1) return { text: data.toString() };
    if (opcode === 2) return { binary: data.toString('hex') };
    if (opcode === 10) return { pong: data.toString('hex') };
    assert.equal(opcode, 8);
    const reason = data.toString('utf8', 2);
    return {
      close: data.length === 0 ? 1005 : data.readUInt16BE(0),
      ...(reason !== '' && { reason }),
      ...(violation && { error: violation.code! }),
    };
  });
  const laboratory = Buffer.from('laboratory').toString('hex');
  const own = replies.findIndex((reply) => 'pong' in reply && reply.pong === laboratory);
  assert.ok(
    own !== -1 || replies.some((reply) => 'close' in reply),
    'the server neither answered nor closed',
  );
  return own === -1 ? replies : replies.slice(0, own);
}

const expanded = (reply: Reply): Reply =>
  'binary' in reply
    ? { binary: bytes(reply.binary).toString('hex') }
    : 'pong' in reply
      ? { pong: bytes(reply.pong).toString('hex') }
      : reply;

describe('presets', () => {
  test('have ids of their own, and there is one for every frame that the vectors know to be refused', () => {
    const ids = presets.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    const vectors = new URL('../vectors/broken-frames.json', import.meta.url);
    const broken = Object.entries(
      JSON.parse(readFileSync(vectors, 'utf8')) as Record<string, { from: string }>,
    );
    const missing = broken.filter(([name, { from }]) => from === 'client' && !ids.includes(name));
    assert.deepEqual(
      missing.map(([name]) => name),
      [],
      'give them a line in static/inspector/presets.json',
    );
  });

  test('do what they say, each on a connection of its own, and the code that pages run foretells it', async (t) => {
    const waiting = [...presets];
    const wrong: unknown[] = [];
    const work = async () => {
      const stream = await WireStream.open(t, demo.port);
      for (let preset = waiting.shift(); preset !== undefined; preset = waiting.shift()) {
        const { id, deflate = false, request, expect, section } = preset;
        const writes = writesOf(preset);
        const steps = await stream.experiment({
          deflate,
          request,
          writes: writes.map((write) => write.toString('base64')),
        });
        const violation = steps.find(({ step }) => step === 'violation');
        const failure = expect.some((reply) => 'error' in reply);
        try {
          assert.deepEqual(repliesOf(steps, deflate), expect.map(expanded));
          assert.equal(violation?.rule, failure ? section : undefined);
          if (request === undefined && failure) {
            const rules = { expectMask: true, allowCompressed: deflate, maxBufferedChunks: 0, ...echoLimits };
            const foretold = verdict(Buffer.concat(writes), rules).at(-1)!;
            const compressed = foretold.kind === 'message' && foretold.compressed;
            if (!compressed) assert.equal(foretold.kind === 'failure' && foretold.rule, section);
          }
        } catch (error) {
          wrong.push({
            id,
            error: (error as Error).message,
            steps: steps.map(({ step, why, head }) => `${step} ${why ?? head ?? ''}`),
          });
        }
      }
    };
    await Promise.all(Array.from({ length: 8 }, work));
    assert.deepEqual(wrong, []);
  });
});

describe('the laboratory', () => {
  const refused: [string, object | string, RegExp][] = [
    [
      'another path',
      { request: { requestLine: 'GET /socket.io/ HTTP/1.1' } },
      /the request line must be like/,
    ],
    [
      'two requests',
      { request: { requestLine: 'GET /inspector/echo HTTP/1.1\r\nX: y' } },
      /the request line/,
    ],
    [
      'a line break in a header',
      { request: { headers: { 'X-A': 'b\r\nHost: c' } } },
      /a header must be a name/,
    ],
    ['too many headers', { request: { headers: { 'X-A': Array(40).fill('b') } } }, /too many or too long/],
    ['too many bytes', { writes: [Buffer.alloc(300_000).toString('base64')] }, /more than the 262144/],
    ['too many writes', { writes: Array(65).fill('') }, /a list of up to 64/],
    ['no list', { writes: 'ff' }, /a list/],
    ['no run', { run: 'x' }, /"run" must be a number/],
  ];
  for (const [what, asked, words] of refused) {
    test(`refuses ${what}, in words`, async (t) => {
      const stream = await WireStream.open(t, demo.port);
      const steps = await stream.experiment({ writes: [], ...(asked as object) });
      assert.deepEqual(
        steps.map(({ step }) => step),
        ['failed'],
      );
      assert.match(steps[0]!.why!, words);
    });
  }

  test('refuses what is not JSON', async (t) => {
    const stream = await WireStream.open(t, demo.port);
    stream.socket.send('{');
    const told = await stream.until((records) => records.find(({ kind }) => kind === 'lab'), 'refusal');
    assert.match((told as LabRecord).why!, /it is not JSON/);
  });

  test('does four experiments of a page at a time, no more', async (t) => {
    const stream = await WireStream.open(t, demo.port);
    const endless = Buffer.from('81fe100037fa213d', 'hex').toString('base64');
    for (let run = 100; run < 105; run++) stream.socket.send(JSON.stringify({ run, writes: [endless] }));
    const told = await stream.until(
      (records) => records.find((record) => record.kind === 'lab' && record.run === -1),
      'refusal',
    );
    assert.equal((told as LabRecord).why, 'too many experiments at a time');
  });

  test('says that the server waits for more when a frame is not finished', async (t) => {
    const stream = await WireStream.open(t, demo.port, newToken());
    const steps = await stream.experiment({
      writes: [Buffer.from('818537fa213d7f', 'hex').toString('base64')],
    });
    assert.equal(steps.at(-1)!.why, 'the server waits for more');
  });
});
