// What a page is told of its traffic: one record for each thing that was seen, as JSON. Bytes are in base64.
import type { Side } from '../../websocket/index.ts';

/** A part of something longer: its first bytes, and how long it is. */
export interface Excerpt {
  readonly bytes: string;
  readonly length: number;
}

/** How `Sec-WebSocket-Accept` comes about (RFC 6455 §4.2.2). */
export interface AcceptSteps {
  readonly key: string;
  readonly guid: string;
  readonly sha1: string;
  readonly accept: string;
}

/** A WebSocket was opened. */
export interface OpenRecord {
  readonly kind: 'open';
  readonly connection: number;
  readonly target: string;
  readonly request: string;
  readonly response: string;
  readonly steps: AcceptSteps;
  /** The extension that was agreed, as in the response; empty for none. */
  readonly extensions: string;
}

/** What TCP gave or took at once. */
export interface ChunkRecord {
  readonly kind: 'chunk';
  readonly connection: number;
  readonly from: Side;
  readonly offset: number;
  readonly length: number;
}

export interface FrameRecord extends Excerpt {
  readonly kind: 'frame';
  readonly connection: number;
  readonly from: Side;
  readonly offset: number;
  readonly complete: boolean;
}

/** What a compressed message says, whose last frame was just told. */
export interface InflatedRecord extends Excerpt {
  readonly kind: 'inflated';
  readonly connection: number;
  readonly from: Side;
  /** How long it was in its frames. */
  readonly compressed: number;
  /** Where its last frame begins. */
  readonly offset: number;
}

export interface CloseRecord {
  readonly kind: 'close';
  readonly connection: number;
  /** Bytes behind the handshake. */
  readonly received: number;
  readonly sent: number;
}

/** A request of long-polling. */
export interface RequestRecord {
  readonly kind: 'request';
  readonly exchange: number;
  readonly session: string | undefined;
  readonly head: string;
  readonly body: Excerpt;
}

/** Its answer; `session` is known from the first one on. */
export interface ResponseRecord {
  readonly kind: 'response';
  readonly exchange: number;
  readonly session: string | undefined;
  /** Empty if the connection was lost before there was an answer. */
  readonly head: string;
  readonly body: Excerpt;
  /** Bytes of the body on the wire, if it was compressed. */
  readonly compressed?: number;
}

/** The first of all: what follows is numbered, `n`, within this trace. */
export interface BeginRecord {
  readonly kind: 'begin';
  readonly trace: string;
}

/** What could not be told. */
export interface OmittedRecord {
  readonly kind: 'omitted';
  readonly records: number;
  readonly why: string;
}

/** A step of an experiment in the laboratory, as its client sees it. */
export interface LabRecord {
  readonly kind: 'lab';
  readonly run: number;
  readonly step: 'sent' | 'asked' | 'received' | 'response' | 'violation' | 'ended' | 'failed';
  readonly bytes?: string;
  readonly status?: number;
  readonly head?: string;
  readonly body?: string;
  /** Of a violation, as the server's own error has it. */
  readonly code?: string;
  readonly rule?: string;
  readonly message?: string;
  readonly closeCode?: number;
  /** Who ended TCP, or what went wrong. */
  readonly why?: string;
}

export type WireRecord =
  | BeginRecord
  | OpenRecord
  | ChunkRecord
  | FrameRecord
  | InflatedRecord
  | CloseRecord
  | RequestRecord
  | ResponseRecord
  | OmittedRecord
  | LabRecord;

/** Milliseconds since 1970, with fractions. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

export function excerpt(bytes: Uint8Array, length: number, most: number): Excerpt {
  const part = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, most));
  return { bytes: part.toString('base64'), length };
}
