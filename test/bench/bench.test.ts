// The benchmark itself: its frames, its counting and one tiny run, so that it still works on the day it is needed.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { baselineOf, renderAgainst } from './baseline.ts';
import { selectCells } from './cells.ts';
import { root } from './compile.ts';
import { drawFlame } from './draw/flame.ts';
import { drawGrowth } from './draw/growth.ts';
import { drawRatios } from './draw/ratios.ts';
import { batches, deflatedRequestFrames, payloads, replyFrames, requestFrames } from './frames.ts';
import { ExpectedReplies } from './generator/expected-replies.ts';
import { Greeting } from './generator/greeting.ts';
import { ReplyCounter } from './generator/reply-counter.ts';
import { renderGrowth } from './growth/report.ts';
import { hotFunctions } from './profile.ts';
import { type CellResult, peerResult } from './results.ts';
import { median, percentile } from './statistics.ts';

const text = { bytes: 1024, binary: false, distinct: 4 };

function run(...args: string[]) {
  return spawnSync(process.execPath, ['--import', 'tsx', 'test/bench/run.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
    timeout: 60_000,
    // Under `npm run coverage` the servers would be measured too, and slowly.
    env: { ...process.env, NODE_V8_COVERAGE: '' },
  });
}

test('requests carry the payload of their replies, masked, in each length form of §5.2', () => {
  for (const [bytes, headerBytes] of [
    [64, 2],
    [1024, 4],
    [70_000, 10],
  ] as const) {
    const message = { bytes, binary: true, distinct: 2 };
    for (const [i, frame] of requestFrames(message).entries()) {
      const key = frame.subarray(headerBytes, headerBytes + 4);
      const payload = frame.subarray(headerBytes + 4).map((byte, at) => byte ^ key[at & 3]!);
      assert.deepEqual(Buffer.from(payload), payloads(message)[i]);
      assert.deepEqual(replyFrames(message)[i]!.subarray(headerBytes), payloads(message)[i]);
      assert.notEqual(key.readUInt32BE(), 0);
    }
  }
  assert.equal(batches(requestFrames(text), 2).length, 2);
});

test('a reply that differs in one byte, or comes out of turn, is noticed wherever the stream is cut', () => {
  const replies = replyFrames(text);
  const stream = Buffer.concat([...replies, ...replies]);
  for (const size of [1, 7, 1000, 5000]) {
    const expected = new ExpectedReplies(replies);
    let position = 0;
    for (let at = 0; at < stream.length; at += size) {
      const chunk = stream.subarray(at, at + size);
      position = expected.check(position, chunk, chunk.length);
    }
    assert.equal(position, 0);
  }
  const wrong = Buffer.from(replies[0]!);
  wrong[500]! ^= 1;
  assert.throws(() => new ExpectedReplies(replies).check(0, wrong, wrong.length), /differs/);
  assert.throws(() => new ExpectedReplies(replies).check(0, replies[1]!, wrong.length), /differs/);
});

test('compressed replies are counted wherever the stream is cut', () => {
  // Unmasked, the requests are what a server without context takeover replies.
  const frames = deflatedRequestFrames(text).map((frame) =>
    Buffer.concat([Buffer.from([frame[0]!, frame[1]! & 0x7f]), frame.subarray(2, 4), frame.subarray(8)]),
  );
  const stream = Buffer.concat(frames);
  for (const size of [1, 3, 100, stream.length]) {
    let payload = 0;
    const counter = new ReplyCounter(text, (bytes) => {
      payload += bytes.length;
    });
    let replies = 0;
    for (let at = 0; at < stream.length; at += size) {
      const chunk = stream.subarray(at, at + size);
      replies += counter.count(chunk, chunk.length);
    }
    assert.equal(replies, text.distinct);
    assert.equal(payload, stream.length - 4 * text.distinct);
  }
});

test('Socket.IO requests are events, and their replies acknowledgements or events, of one length each', () => {
  const message = { bytes: 64, binary: false, distinct: 64 };
  const acks = replyFrames({ ...message, event: 'echo' });
  assert.match(acks[63]!.toString('utf8', 2), /^4373\["[^"]{64}"\]$/);
  assert.equal(new Set(acks.map(({ length }) => length)).size, 1);
  assert.equal(requestFrames({ ...message, event: 'echo' })[0]!.length, 6 + '4210["echo",""]'.length + 64);
  assert.match(replyFrames({ ...message, event: 'publish' })[0]!.toString('utf8', 2), /^42\["news","/);
});

test('a Socket.IO server has greeted when its open packet and its CONNECT are in, wherever the stream is cut', () => {
  const open = Buffer.from(`0{"sid":"${'x'.repeat(200)}"}`);
  const connect = Buffer.from('40{"sid":"y"}');
  const stream = Buffer.concat([
    Buffer.from([0x81, 126, 0, open.length]),
    open,
    Buffer.from([0x81, connect.length]),
    connect,
  ]);
  for (const size of [1, 3, stream.length]) {
    const greeting = new Greeting();
    const packets = new Set<number>();
    for (let at = 0; at < stream.length; at += size)
      packets.add(greeting.receive(stream.subarray(at, at + size)));
    assert.equal(Math.max(...packets), 2);
  }
  assert.throws(() => new Greeting().receive(Buffer.from([0x81, 1, 0x32])), /greets with 2/);
});

test('medians and percentiles lie between the nearest values', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1]), 2.5);
  assert.equal(percentile([0, 100], 99), 99);
  assert.ok(Number.isNaN(median([])));
});

test('a cell is flagged when the generator was the limit, and when other programs were', () => {
  const flags = (serverLoad: number, generatorLoad: number) => {
    const result = peerResult('ws', [{ perSecond: 1, serverLoad, generatorLoad }]);
    return [result.generatorLimited, result.disturbed];
  };
  assert.deepEqual(flags(0.5, 1), [true, false]);
  assert.deepEqual(flags(0.5, 0.5), [false, true]);
  assert.deepEqual(flags(1, 1), [false, false]);
  assert.deepEqual(flags(1, 0.5), [false, false]);
});

test('a profile names functions by their own share of the time that was not idle', () => {
  const frame = (functionName: string, url = '') => ({ functionName, url, lineNumber: 6 });
  const nodes = [frame('(idle)'), frame('writev'), frame('parse', 'file:///a/b/c.js')];
  const hot = hotFunctions({
    nodes: nodes.map((callFrame, id) => ({ id, callFrame })),
    samples: [0, 1, 2, 1],
    timeDeltas: [500, 20, 20, 40],
  });
  assert.deepEqual(hot, [
    { name: 'writev', share: 0.75 },
    { name: 'parse b/c.js:7', share: 0.25 },
  ]);
});

test('a later run is compared with the baseline, as ratios to the base peer', () => {
  const peer = (name: string, cpuMicros: number) => peerResult(name, [{ perSecond: 1, cpuMicros }]);
  const unit = { one: 'message', many: 'messages' };
  const cell = { name: 'echo', base: 'ws', unit, peers: [peer('wirehub', 3), peer('ws', 10)] };
  assert.deepEqual(baselineOf([cell]), { echo: 0.3 });
  assert.match(renderAgainst([cell], { echo: 0.2 }), /1\.50 {2}echo/);
  assert.equal(renderAgainst([cell], {}), '');
});

test('growth is a table, with the last step as a ratio, and a chart', () => {
  const series = [
    {
      title: 'a name, of',
      many: 'names',
      points: [
        { x: 10, micros: 2, bytes: 100 },
        { x: 1000, micros: 3, bytes: 100 },
      ],
    },
  ];
  assert.match(renderGrowth(series), /a name, of … names \| 10: 2\.00 µs, 100 B; .* \| 1\.50×, 1\.00× \|/);
  assert.match(drawGrowth(series), /^<svg .*<path d="M64 \d+.*1,000.*<\/svg>\n$/s);
});

test('the chart of ratios turns over what is better when it is less', () => {
  const peer = (name: string, rssBytes: number) => peerResult(name, [{ rssBytes }]);
  const cell = {
    name: 'memory <of> few',
    base: 'ws',
    unit: { one: 'connection', many: 'connections' },
    peers: [peer('wirehub', 50), peer('ws', 100)],
  };
  const svg = drawRatios([cell]);
  assert.match(svg, /wirehub: 2\.00×/);
  assert.match(svg, /memory &lt;of&gt; few/);
});

test('a flame is as wide as the time it took, without idle time', () => {
  const frame = (functionName: string, url = '') => ({ functionName, url, lineNumber: 0 });
  const svg = drawFlame('work', {
    nodes: [
      { id: 0, callFrame: frame('(root)'), children: [1, 2] },
      { id: 1, callFrame: frame('(idle)') },
      { id: 2, callFrame: frame('parse', 'file:///a/b.js'), children: [3] },
      { id: 3, callFrame: frame('writeBuffer') },
    ],
    samples: [1, 1, 1, 3, 2],
    timeDeltas: [9, 9, 9, 300, 100],
  });
  assert.match(svg, /parse a\/b\.js 100\.0 %/);
  assert.match(svg, /writeBuffer {2}75\.0 %.*width="899\.5"/s);
});

test('cells are chosen by the words of their names', () => {
  assert.equal(selectCells('64 kib').length, 1);
  assert.equal(selectCells('64 KiB, handshakes').length, 2);
  assert.equal(selectCells('nonsense').length, 0);
});

test('what cannot be run is said in one line', () => {
  for (const [args, message] of [
    [['--only', 'nonsense'], /No cell has "nonsense"/],
    [['--peers', 'nobody'], /There is no peer "nobody"/],
    [['--rounds', '0'], /--rounds wants a whole number/],
  ] as const) {
    const { status, stderr } = run(...args);
    assert.equal(status, 1);
    assert.match(stderr, message);
  }
});

test('a tiny run measures the Socket.IO servers beside each other', () => {
  const { status, stdout, stderr } = run(
    ...['--only', 'acknowledgement, io.emit', '--rounds', '1', '--milliseconds', '50'],
  );
  assert.equal(status, 0, stderr);
  assert.match(stdout, /io\.emit.*wirehub.*socket\.io/s);
});

test('a tiny run measures every kind of echo on every peer and verifies the replies', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'wirehub-bench-'));
  try {
    const file = path.join(folder, 'bench.json');
    const { status, stdout, stderr } = run(
      ...['--only', 'echo', '--rounds', '1', '--milliseconds', '50', '--json', file],
    );
    assert.equal(status, 0, stderr);
    assert.match(stdout, /echo 64 B, 1 in flight/);
    const { cells } = JSON.parse(readFileSync(file, 'utf8')) as { cells: CellResult[] };
    assert.equal(cells.length, 5);
    for (const { name, peers } of cells) {
      for (const { peer, medians } of peers) assert.ok(medians.perSecond! > 0, `${name}: ${peer}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
