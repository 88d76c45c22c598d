// Chunks and frames of one direction of a connection in; the chunks that a frame lies in, and messages joined of frames, out (RFC 6455 §5.4).
import { Opcode } from './protocol.js';
import { cut, textOf } from './text.js';

const mostChunks = 256;

export class Direction {
  #chunks = [];
  /** The message under way. */
  #message = undefined;
  /** The offset at which the next frame begins. */
  #expected = 0;

  addChunk(record) {
    this.#chunks.push({ ...record, end: record.offset + record.length, frames: [] });
    if (this.#chunks.length > mostChunks) this.#chunks.shift();
  }

  chunksOf({ offset, length }) {
    return this.#chunks.filter((chunk) => chunk.end > offset && chunk.offset < offset + length);
  }

  /** To be told of every frame: where some between were left out, the message that had begun is lost. */
  advance({ offset, length }) {
    if (offset !== this.#expected) this.#message = undefined;
    this.#expected = offset + length;
  }

  /** Tells an entry which message its frame belongs to; gives the message back with its last frame, if it can be read. */
  join(entry, frame) {
    if (frame.opcode !== Opcode.Continuation) {
      this.#message = {
        binary: frame.opcode === Opcode.Binary,
        compressed: frame.rsv1,
        parts: [],
        entries: [],
        whole: true,
      };
    }
    const message = this.#message;
    if (message === undefined || !entry.complete) {
      entry.summary = entry.complete ? '' : 'cut short by the end of the connection';
      return undefined;
    }
    message.parts.push(frame.payload);
    message.entries.push(entry.id);
    message.whole &&= entry.shown;
    entry.message = message;
    entry.part = message.entries.length;
    if (!frame.fin) {
      entry.summary = `part ${entry.part} of a message: ${cut(textOf(frame.payload.subarray(0, 80)), 80)}`;
      return undefined;
    }
    this.#message = undefined;
    if (!message.compressed) return message;
    entry.summary = 'compressed';
    return undefined;
  }
}
