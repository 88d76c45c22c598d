// RFC 6455 §4.1 (10) and §4.2.2 (5) against the running server: which subprotocol it chooses, and which headers it refuses.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { answerTo } from './answer-to.ts';
import { echoServer } from './echo-server.ts';

const server = echoServer();
const chooser = echoServer({ handleProtocols: (offered) => offered.has('chat.v2') && 'chat.v2' });

describe('subprotocols', () => {
  const answerToProtocols = (offer: string | string[], to = server) =>
    answerTo(to, { 'Sec-WebSocket-Protocol': offer });

  const offers: [offer: string | string[], allowed: string[]][] = [
    ['chat', ['chat']],
    ['chat, superchat', ['chat', 'superchat']],
    ['chat,superchat', ['chat', 'superchat']],
    [' \tchat\t ,\t superchat ', ['chat', 'superchat']],
    [
      ['chat', 'superchat'],
      ['chat', 'superchat'],
    ],
    ["!#$%&'*+-.^_`|~09azAZ", ["!#$%&'*+-.^_`|~09azAZ"]],
    ['Chat, chat', ['Chat', 'chat']],
    ['__proto__', ['__proto__']],
  ];
  for (const [offer, allowed] of offers) {
    test(`§4.2.2 (5) chooses one of ${JSON.stringify(offer)} or none`, async () => {
      const response = await answerToProtocols(offer);
      assert.equal(response.status, 101);
      assert.ok([undefined, ...allowed].includes(response.get('Sec-WebSocket-Protocol')));
    });
  }

  test('§4.2.2 (5) answers with the choice of the application, wherever it stands', async () => {
    for (const offer of ['chat.v2', 'chat.v1, chat.v2', 'chat.v2,chat.v1', 'a, b, chat.v2, c']) {
      assert.equal((await answerToProtocols(offer, chooser)).get('Sec-WebSocket-Protocol'), 'chat.v2');
    }
  });

  test('§4.2.2 (5) names no subprotocol when the application chooses none', async () => {
    const response = await answerToProtocols('chat.v1, Chat.v2', chooser);
    assert.equal(response.status, 101);
    assert.equal(response.get('Sec-WebSocket-Protocol'), undefined);
  });

  const malformed = [
    '',
    ' ',
    ',',
    'chat chat',
    'chat; v=1',
    '"chat"',
    'chat/2',
    'chat@2',
    'chat(2)',
    '<chat>',
    '[chat]',
    '{chat}',
    'chat:2',
    'chat?',
    'chat=2',
    'chat\\2',
    'chat\t2',
    'châté',
    'chat, chat',
    'chat,superchat,chat',
    'chat, a b',
    'chat, @',
  ];
  for (const header of malformed) {
    test(`§4.1 (10) refuses the subprotocols ${JSON.stringify(header)}`, async () => {
      assert.equal((await answerToProtocols(header)).status, 400);
    });
  }
});
