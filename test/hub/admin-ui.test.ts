// `instrument()` of the official Admin UI, seen from the place of the UI.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instrument } from '@socket.io/admin-ui';
import { event, stage, within } from './stage.ts';

/** The arguments of the first event of that name that is as wanted. */
function matching(
  client: { on(name: string, listener: (...args: unknown[]) => void): unknown },
  name: string,
  wanted: (...args: never[]) => boolean,
): Promise<unknown[]> {
  const found = new Promise<unknown[]>((resolve) => {
    client.on(name, (...args) => {
      if (wanted(...(args as never[]))) resolve(args);
    });
  });
  return within(found, `such a "${name}"`, 10_000);
}

test('the UI sees sockets, rooms and events, and acts on them', async (t) => {
  const made = await stage(t);
  // Its type names the class of another package, of which ours has all that it uses.
  instrument(made.io as never, { auth: false, mode: 'development' });
  const admin = made.client('/admin');
  const config = event(admin, 'config');
  const all = event(admin, 'all_sockets');
  assert.ok(((await config)[0] as { supportedFeatures: string[] }).supportedFeatures.includes('ALL_EVENTS'));
  assert.ok(Array.isArray((await all)[0]));

  const connected = matching(admin, 'socket_connected', ({ nsp }: { nsp: string }) => nsp === '/');
  const { client, socket } = await made.pair();
  const [seen] = (await connected) as [{ id: string; clientId: string; transport: string; rooms: string[] }];
  assert.equal(seen.id, socket.id);
  assert.equal(seen.clientId, socket.client.id.slice(0, 12));
  assert.equal(seen.transport, 'websocket');

  const joined = matching(admin, 'room_joined', (_nsp: string, room: string) => room === 'room');
  admin.emit('join', '/', 'room', socket.id);
  assert.deepEqual((await joined).slice(0, 3), ['/', 'room', socket.id]);

  const received = matching(admin, 'event_received', (_nsp: string, id: string) => id === socket.id);
  client.emit('said', 1);
  assert.deepEqual((await received).slice(0, 3), ['/', socket.id, ['said', 1]]);

  const heard = event(client, 'from the UI');
  admin.emit('emit', '/', 'room', 'from the UI', 2);
  assert.deepEqual(await heard, [2]);

  const statistics = (await event(admin, 'server_stats')) as [
    { namespaces: { name: string }[]; clientsCount: number },
  ];
  assert.equal(statistics[0].clientsCount, 2);

  const gone = matching(admin, 'socket_disconnected', (_nsp: string, id: string) => id === socket.id);
  admin.emit('_disconnect', '/', false, socket.id);
  await event(client, 'disconnect');
  assert.equal((await gone)[2], 'server namespace disconnect');
});
