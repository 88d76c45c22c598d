// The vocabulary of the benchmark: what a cell asks of the generator and the servers, and what they report back.

/** The messages of a cell: `distinct` different ones, sent round and round, so that a lost or swapped reply shows. */
export interface Message {
  bytes: number;
  binary: boolean;
  distinct: number;
  /** Set for Socket.IO: the message is the argument of an event of this name. */
  event?: 'echo' | 'publish';
}

export type Work =
  | { kind: 'echo'; connections: number; inFlight: number; message: Message }
  | { kind: 'deflate'; connections: number; inFlight: number; message: Message }
  | { kind: 'broadcast'; clients: number; outstanding: number; message: Message }
  | { kind: 'handshakes'; parallel: number }
  | { kind: 'idle'; connections: number; message: Message }
  | { kind: 'paced'; connections: number; perSecond: number; message: Message };

/** What a peer's server process is told on its command line, as JSON. */
export interface ServerSettings {
  behaviour: 'echo' | 'broadcast' | 'handshakes';
  deflate: boolean;
  message: Message;
}

/** What one timed round came to, as the generator saw it. */
export interface Count {
  messages: number;
  seconds: number;
  /** Bytes received per message, where compression makes that a result. */
  bytesPerMessage?: number;
  /** Milliseconds from the moment a message was due to its reply. */
  latency?: { p50: number; p99: number };
}

export interface GeneratorRound extends Count {
  generatorCpuMicros: number;
}

export interface Memory {
  rss: number;
  /** What V8 holds: heap in use and the buffers outside of it. */
  heap: number;
}

/** Cells without messages of their own (handshakes) still have to tell the servers something. */
const NO_MESSAGE: Message = { bytes: 0, binary: false, distinct: 1 };

export function serverSettings(work: Work): ServerSettings {
  return {
    behaviour: work.kind === 'broadcast' || work.kind === 'handshakes' ? work.kind : 'echo',
    deflate: work.kind === 'deflate',
    message: work.kind === 'handshakes' ? NO_MESSAGE : work.message,
  };
}
