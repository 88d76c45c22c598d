// A WebSocket as a Duplex: each message a chunk, each chunk a message, with back-pressure both ways.
import { Duplex, type DuplexOptions } from 'node:stream';
import type { RawData } from './binary-type.ts';
import { ReadyState } from './ready-state.ts';
import type { WebSocket } from './websocket.ts';

/**
 * Wraps a connection. `end()` closes it when all is written, `destroy()` terminates it, and the peer's close is the end
 * of the stream.
 *
 * @param options of the Duplex; `objectMode`, `writableObjectMode`, `autoDestroy` and `emitClose` are set by us. With
 *   `readableObjectMode` text comes as strings.
 */
export function createWebSocketStream(webSocket: WebSocket, options: DuplexOptions = {}): Duplex {
  let terminate = true;
  const duplex = new Duplex({
    ...options,
    objectMode: false,
    writableObjectMode: false,
    autoDestroy: false,
    emitClose: false,
    read() {
      if (webSocket.isPaused) webSocket.resume();
    },
    write(chunk: Buffer | string, _encoding, callback) {
      webSocket.send(chunk, callback);
    },
    final(callback) {
      if (webSocket.readyState === ReadyState.CLOSED) return callback();
      webSocket.once('close', () => callback());
      webSocket.close();
    },
    destroy(error, callback) {
      callback(error);
      const closed = () => process.nextTick(() => duplex.emit('close'));
      if (webSocket.readyState === ReadyState.CLOSED) return closed();
      webSocket.once('close', closed);
      if (terminate) webSocket.terminate();
    },
  });
  const asText = duplex.readableObjectMode;
  webSocket.on('message', (data: RawData, isBinary: boolean) => {
    const chunk = !isBinary && asText ? data.toString() : data;
    if (!duplex.destroyed && !duplex.push(chunk)) webSocket.pause();
  });
  webSocket.once('error', (error) => {
    // The connection is failing by itself, with a close frame that says why.
    terminate = false;
    duplex.destroy(error);
  });
  webSocket.once('close', () => {
    if (!duplex.destroyed) duplex.push(null);
  });
  duplex.on('end', () => {
    if (!duplex.destroyed && duplex.writableFinished) duplex.destroy();
  });
  duplex.on('finish', () => {
    if (duplex.readableEnded) duplex.destroy();
  });
  return duplex;
}
