// Socket.IO protocol v5, "Sending and receiving data" and "Acknowledgement", text and binary, over each transport.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { type Peer, transports } from './peer.ts';
import { startHub } from './servers.ts';

const bytes = Buffer.from([1, 2, 3, 4]);
const others = Buffer.from([255, 0]);
const hole = (num: number) => `{"_placeholder":true,"num":${num}}`;

for (const [name, open] of Object.entries(transports)) {
  const joined = async (t: TestContext): Promise<Peer> => {
    const { address } = await startHub(t);
    const peer = await open(t, address);
    await peer.send('40');
    await peer.take(2);
    return peer;
  };

  describe(name, { concurrency: true }, () => {
    for (const args of ['1,"2",{"3":[true]}', '"€✓😀\\u0000"', 'null', '[],{},""', '{"__proto__":1}']) {
      test(`an event with ${args} comes back`, async (t) => {
        const peer = await joined(t);
        await peer.send(`42["message",${args}]`);
        assert.equal(await peer.next(), `42["message-back",${args}]`);
      });

      test(`an acknowledgement carries ${args}`, async (t) => {
        const peer = await joined(t);
        await peer.send(`42456["message-with-ack",${args}]`);
        assert.equal(await peer.next(), `43456[${args}]`);
      });
    }

    test('an event without arguments comes back', async (t) => {
      const peer = await joined(t);
      await peer.send('42["message"]');
      assert.equal(await peer.next(), '42["message-back"]');
    });

    test('an acknowledgement may be empty', async (t) => {
      const peer = await joined(t);
      await peer.send('420["message-with-ack"]');
      assert.equal(await peer.next(), '430[]');
    });

    test('bytes in an event come back', async (t) => {
      const peer = await joined(t);
      await peer.send(`452-["message",${hole(0)},{"deep":[${hole(1)}]}]`, bytes, others);
      assert.equal(await peer.next(), `452-["message-back",${hole(0)},{"deep":[${hole(1)}]}]`);
      assert.deepEqual(await peer.take(2), [bytes, others]);
    });

    test('bytes in an event go where their number says', async (t) => {
      const peer = await joined(t);
      await peer.send(`452-["message",${hole(1)},${hole(0)}]`, bytes, others);
      assert.equal(await peer.next(), `452-["message-back",${hole(0)},${hole(1)}]`);
      assert.deepEqual(await peer.take(2), [others, bytes]);
    });

    test('bytes in an acknowledgement come back', async (t) => {
      const peer = await joined(t);
      await peer.send(`452-789["message-with-ack",${hole(0)},${hole(1)}]`, bytes, others);
      assert.equal(await peer.next(), `462-789[${hole(0)},${hole(1)}]`);
      assert.deepEqual(await peer.take(2), [bytes, others]);
    });

    test('events keep their order, among those with bytes', async (t) => {
      const peer = await joined(t);
      await peer.send('42["message",1]', `451-["message",${hole(0)}]`, bytes, '42["message",2]');
      const expected = ['42["message-back",1]', `451-["message-back",${hole(0)}]`, bytes];
      assert.deepEqual(await peer.take(4), [...expected, '42["message-back",2]']);
    });

    test('acknowledgements that nobody asked for are ignored', async (t) => {
      const peer = await joined(t);
      await peer.send('43999["late"]', `461-998[${hole(0)}]`, bytes, '42["message","fine"]');
      assert.equal(await peer.next(), '42["message-back","fine"]');
    });

    for (const [what, ...packets] of [
      ['an unknown type', '4abc'],
      ['an event that is no array', '42{}'],
      ['an event without a name', '42[]'],
      ['an event without a payload', '42'],
      ['a name that is null', '42[null]'],
      ['a name that is reserved', '42["connect"]'],
      ['what is not JSON', '42["message"'],
      ['an acknowledgement that is no array', '431{}'],
      ['a payload where none belongs', '41{}'],
      ['a negative count of attachments', '45-1-["message"]'],
      ['no count of attachments', '45["message"]'],
      ['a count of attachments that is no number', '45x-["message"]'],
      ['more attachments than anybody needs', '4511-["message"]'],
      ['bytes that no packet announced', bytes],
      ['text while bytes are due', `451-["message",${hole(0)}]`, '42["message"]'],
      ['a number that no attachment has', `451-["message",${hole(1)}]`, bytes],
      ['a packet for a namespace that was not joined', '42/custom,["message"]'],
      ['a refusal, which only servers send', '44{"message":"no"}'],
    ] as const) {
      test(`${what} closes the connection`, async (t) => {
        const peer = await joined(t);
        await peer.send(...packets);
        await peer.ended();
        assert.deepEqual(peer.waiting, []);
      });
    }
  });
}
