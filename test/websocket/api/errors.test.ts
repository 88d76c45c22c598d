// What a program is told when a peer breaks a rule: the code, class and words of the error, then close with 1006.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServerOptions } from '../../../src/websocket/index.ts';
import * as frame from '../../conformance/frames.ts';
import { closing, event } from '../inbox.ts';
import { stage } from '../stage.ts';

interface Breach {
  title: string;
  send: Buffer;
  closes: number;
  code: string;
  message: string;
  kind?: 'RangeError' | 'Error';
  options?: ServerOptions;
  deflate?: boolean;
}

const invalid = (what: string) => `Invalid WebSocket frame: ${what}`;
const open = { fin: false };
const breaches: Breach[] = [
  ...[frame.RSV2, frame.RSV3].map((rsv) => ({
    title: `§5.2 RSV ${rsv}`,
    send: frame.text('x', { rsv }),
    closes: 1002,
    code: 'WS_ERR_UNEXPECTED_RSV_2_3',
    message: invalid('RSV2 and RSV3 must be clear'),
  })),
  ...[
    { title: '§5.2 RSV1 without permessage-deflate', send: frame.text('x', { rsv: frame.RSV1 }) },
    { title: 'RFC 7692 §6.1 RSV1 on a ping', send: frame.ping('x', { rsv: frame.RSV1 }), deflate: true },
    {
      title: 'RFC 7692 §6.1 RSV1 on a continuation',
      send: Buffer.concat([frame.text('x', open), frame.continuation('x', { rsv: frame.RSV1 })]),
      deflate: true,
    },
  ].map((breach) => ({
    ...breach,
    closes: 1002,
    code: 'WS_ERR_UNEXPECTED_RSV_1',
    message: invalid('RSV1 must be clear'),
  })),
  ...[
    { title: '§5.2 a reserved opcode', send: frame.frame(3, 'x'), opcode: 3 },
    { title: '§5.2 a reserved control opcode', send: frame.frame(11, 'x'), opcode: 11 },
    { title: '§5.4 a continuation of nothing', send: frame.continuation('x'), opcode: 0 },
    {
      title: '§5.4 a message inside a message',
      send: Buffer.concat([frame.text('x', open), frame.text('y')]),
      opcode: 1,
    },
  ].map(({ title, send, opcode }) => ({
    title,
    send,
    closes: 1002,
    code: 'WS_ERR_INVALID_OPCODE',
    message: invalid(`invalid opcode ${opcode}`),
  })),
  {
    title: '§5.5 a fragmented ping',
    send: frame.ping('x', open),
    closes: 1002,
    code: 'WS_ERR_EXPECTED_FIN',
    message: invalid('FIN must be set'),
  },
  ...[
    { title: '§5.5 a ping of 126 bytes', send: frame.ping(Buffer.alloc(126)), length: 126 },
    { title: '§5.5.1 a close frame of one byte', send: frame.frame(frame.CLOSE, 'x'), length: 1 },
  ].map(({ title, send, length }) => ({
    title,
    send,
    closes: 1002,
    code: 'WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH',
    message: invalid(`invalid payload length ${length}`),
  })),
  {
    title: '§5.1 a frame without mask',
    send: frame.text('x', { maskingKey: null }),
    closes: 1002,
    code: 'WS_ERR_EXPECTED_MASK',
    message: invalid('MASK must be set'),
  },
  ...[999, 1005, 1006, 5000].map((code) => ({
    title: `§7.4 close code ${code}`,
    send: frame.close(code),
    closes: 1002,
    code: 'WS_ERR_INVALID_CLOSE_CODE',
    message: invalid(`invalid status code ${code}`),
  })),
  ...[
    { title: '§8.1 text that is not UTF-8', send: frame.text(Buffer.from([0x61, 0xff])) },
    { title: '§8.1 a close reason that is not UTF-8', send: frame.close(1000, Buffer.from([0xc0])) },
  ].map((breach) => ({
    ...breach,
    closes: 1007,
    code: 'WS_ERR_INVALID_UTF8',
    kind: 'Error' as const,
    message: invalid('invalid UTF-8 sequence'),
  })),
  {
    title: '§7.4.1 a length over 2^53 - 1',
    send: frame.frame(frame.BINARY, '', { announce: 2n ** 53n }),
    closes: 1009,
    code: 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH',
    message: 'Unsupported WebSocket frame: payload length > 2^53 - 1',
  },
  ...[
    { title: '§7.4.1 the announcement of more than maxPayload', send: frame.text('', { announce: 11 }) },
    {
      title: '§7.4.1 fragments of more than maxPayload',
      send: Buffer.concat([frame.text('123456', open), frame.continuation('12345')]),
    },
  ].map((breach) => ({
    ...breach,
    options: { maxPayload: 10 },
    closes: 1009,
    code: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH',
    message: 'Max payload size exceeded',
  })),
  {
    title: '§7.4.1 more fragments than maxFragments',
    send: Buffer.concat([frame.text('1', open), frame.continuation('2', open), frame.continuation('3')]),
    options: { maxFragments: 2 },
    closes: 1008,
    code: 'WS_ERR_TOO_MANY_BUFFERED_PARTS',
    message: 'Too many message fragments',
  },
];

for (const { title, send, closes, code, message, kind = 'RangeError', options, deflate } of breaches) {
  test(`${title}: the peer gets ${closes}, the program ${code} and 1006`, async (t) => {
    const on = await stage(t, { perMessageDeflate: true, ...options });
    const { raw, peer } = await on.raw(deflate ? 'permessage-deflate' : undefined);
    const order: string[] = [];
    peer.on('message', () => order.push('message'));
    peer.on('close', () => order.push('close'));
    peer.on('error', () => order.push('error'));
    const failed = event(peer, 'error');
    const closed = closing(peer);
    raw.socket.write(Buffer.concat([send, frame.text('ignored')]));
    const [error] = (await failed) as [Error & { code: string }];
    assert.deepEqual([error.code, error.message], [code, message]);
    assert.ok(error instanceof (kind === 'Error' ? Error : RangeError));
    assert.equal(peer.readyState, peer.CLOSING);
    assert.deepEqual(await raw.untilEnd(), [`close ${closes}`, 'fin']);
    assert.deepEqual(await closed, { code: 1006, reason: '' });
    assert.deepEqual(order, ['error', 'close']);
  });
}

test('§8.1 takes any bytes for text with skipUTF8Validation', async (t) => {
  const { raw, peer } = await (await stage(t, { skipUTF8Validation: true })).raw();
  const message = event(peer, 'message');
  raw.socket.write(frame.text(Buffer.from([0x61, 0xff])));
  assert.deepEqual(await message, [Buffer.from([0x61, 0xff]), false]);
  const closed = event(peer, 'close');
  raw.socket.write(frame.close(1000, Buffer.from([0xc0])));
  assert.deepEqual(await closed, [1000, Buffer.from([0xc0])]);
});

test('§10.4 counts the chunks a frame comes in against maxBufferedChunks', async (t) => {
  const { raw, peer } = await (await stage(t, { maxBufferedChunks: 5 })).raw();
  const failed = event(peer, 'error');
  await raw.deliver(frame.text('0123456789abcdef'), 'byte by byte');
  const [error] = (await failed) as [Error & { code: string }];
  assert.deepEqual(
    [error.code, error.message],
    ['WS_ERR_TOO_MANY_BUFFERED_PARTS', 'Too many buffered chunks'],
  );
});

test('ws §2 takes a maxPayload, maxFragments and maxBufferedChunks of 0 for no limit', async (t) => {
  const on = await stage(t, { maxPayload: 0, maxFragments: 0, maxBufferedChunks: 0 });
  const { raw, peer } = await on.raw();
  const message = event(peer, 'message');
  raw.socket.write(Buffer.concat(frame.fragments(frame.BINARY, Buffer.alloc(300_000), 2)));
  assert.equal(((await message)[0] as Buffer).length, 300_000);
});
