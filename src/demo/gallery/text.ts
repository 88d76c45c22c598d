// A text that several people edit: the pages merge their changes, with Yjs; the server passes bytes on and keeps them.
import type { Server } from '../../index.ts';
import { visitors } from './visitors.ts';

const largest = 64 * 1024;
const mostBytes = 512 * 1024;
const mostUpdates = 300;

export function openText(io: Server): () => void {
  const sheet = visitors(io, 'text', { places: 50, burst: 100, perSecond: 30 });
  let updates: Buffer[] = [];
  let gathering = false;

  sheet.on('connection', (socket) => {
    // After a short cut the hub sends what was missed.
    if (!socket.recovered) socket.emit('text', framed(updates));
    sheet.emit('writers', sheet.sockets.size);

    socket.on('update', async (update: unknown, reply?: unknown) => {
      const answer = typeof reply === 'function' ? reply : () => {};
      if (!Buffer.isBuffer(update) || update.length > largest) return answer('This change is too large');
      if (sizeOf(updates) + update.length > mostBytes) return answer('This sheet of paper is full');
      updates.push(update);
      socket.broadcast.emit('update', update);
      answer();
      if (updates.length > mostUpdates && !gathering) await gather();
    });
    socket.on('disconnect', () => sheet.emit('writers', sheet.sockets.size));

    /** Only a page can make one change of many. If this one does not, another will be asked. */
    async function gather(): Promise<void> {
      gathering = true;
      const count = updates.length;
      const whole: unknown = await socket
        .timeout(5000)
        .emitWithAck('gather')
        .catch(() => undefined);
      gathering = false;
      if (Buffer.isBuffer(whole) && whole.length <= mostBytes) updates = [whole, ...updates.slice(count)];
    }
  });
  return () => {};
}

const sizeOf = (buffers: readonly Buffer[]) => buffers.reduce((sum, { length }) => sum + length, 0);

/** All in one binary: each with its length, of four bytes, in front. */
function framed(buffers: readonly Buffer[]): Buffer {
  return Buffer.concat(
    buffers.flatMap((buffer) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(buffer.length);
      return [length, buffer];
    }),
  );
}
