// Reads the byte vectors, test/vectors/*.json, that the tests and the chapters in docs/ share.
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** One thing that comes out of a stream of frames. Bytes are in hex. */
export type Outcome =
  | { readonly text: string }
  | { readonly binary: string }
  | { readonly compressedText: string }
  | { readonly compressedBinary: string }
  | { readonly ping: string }
  | { readonly pong: string }
  | { readonly close: number; readonly reason: string }
  | { readonly error: string; readonly closeCode: number; readonly rule: string };

export interface FrameVector {
  readonly meaning: string;
  readonly from: 'client' | 'server';
  /** Whether permessage-deflate was negotiated. */
  readonly deflate?: boolean;
  readonly limits?: { readonly maxPayload?: number; readonly maxFragments?: number };
  /** The bytes, field by field. */
  readonly hex: readonly string[];
  readonly yields: readonly Outcome[];
}

/** An HTTP request, line by line, and what an opening handshake makes of it. */
export interface HandshakeVector {
  readonly meaning: string;
  readonly request: readonly string[];
  readonly response: readonly string[];
  readonly protocols?: readonly string[];
  readonly extensions?: string;
}

/** What is different from the request of RFC 6455 §1.3: headers set, given several times, or left out (null). */
export interface RefusalVector {
  readonly meaning: string;
  readonly requestLine?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly status: number;
  readonly reason: string;
  readonly answerHeaders?: Readonly<Record<string, string>>;
}

export interface HeaderListVector {
  readonly meaning: string;
  readonly value: string;
  /** Name and parameters in order; true for a parameter without a value. */
  readonly extensions?: readonly (readonly [string, Readonly<Record<string, readonly (string | true)[]>>])[];
  /** Where it is wrong. */
  readonly position?: number;
}

export interface Utf8Vector {
  readonly meaning: string;
  readonly hex: string;
  /** Index of the first byte that cannot be right; absent if there is none. */
  readonly badAt?: number;
  /** Whether it ends inside of a character. */
  readonly incomplete?: boolean;
}

export interface CompressedVector {
  readonly meaning: string;
  /** The payloads of the messages, without the four bytes that the receiver puts back. */
  readonly payloads: readonly string[];
  readonly messages: readonly string[];
}

export interface NegotiationVector {
  readonly meaning: string;
  readonly offer: string;
  readonly wishes?: Readonly<Record<string, boolean | number>>;
  /** The answer, or null for none. */
  readonly answer: string | null;
}

/** An Engine.IO packet; a message of bytes has `hex`. */
export interface EnginePacketVector {
  readonly type: string;
  readonly text?: string;
  readonly hex?: string;
}

/** The body of a request or response of long-polling, and the packets in it. */
export interface EngineVector {
  readonly meaning: string;
  readonly body: string;
  readonly packets: readonly EnginePacketVector[];
  /** Whether something that is no packet comes behind these. */
  readonly broken?: boolean;
}

/** Bytes in hex, as a message or anywhere in the data of a packet. */
export interface HexVector {
  readonly hex: string;
}

/** A Socket.IO packet, and the messages of the engine that carry it. */
export interface SocketVector {
  readonly meaning: string;
  readonly packet: {
    readonly type: string;
    readonly nsp: string;
    readonly id?: number;
    readonly data?: unknown;
  };
  readonly messages: readonly (string | HexVector)[];
  /** Whether it is understood, but we write it in another way. */
  readonly onlyRead?: boolean;
}

/** Messages that end in an error, whose beginning is `error`. */
export interface BrokenSocketVector {
  readonly meaning: string;
  readonly messages: readonly (string | HexVector)[];
  readonly error: string;
}

interface Files {
  engineio: EngineVector;
  socketio: SocketVector;
  'broken-socketio': BrokenSocketVector;
  frames: FrameVector;
  'broken-frames': FrameVector;
  handshakes: HandshakeVector;
  'refused-handshakes': RefusalVector;
  'header-lists': HeaderListVector;
  utf8: Utf8Vector;
  compressed: CompressedVector;
  negotiations: NegotiationVector;
}

/** All vectors of a file by their names, in its order. */
export function vectors<Name extends keyof Files>(name: Name): Map<string, Files[Name]> {
  const file = path.join(import.meta.dirname, `${name}.json`);
  return new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, Files[Name]>));
}

/** One vector of any file here, by `file/name`: for the documentation, which shows parts of it. */
export function vectorNamed(of: string): Readonly<Record<string, unknown>> {
  const [file, name] = of.split('/') as [keyof Files, string];
  const vector = vectors(file).get(name);
  if (vector === undefined) throw new Error(`There is no vector ${of}`);
  return { ...vector };
}

/** Bytes of their hex notation, in which `61*256` is the byte 61 two hundred and fifty-six times. */
export function bytes(hex: string | readonly string[]): Buffer {
  const words = (typeof hex === 'string' ? [hex] : hex).join(' ').split(' ').filter(Boolean);
  return Buffer.concat(
    words.map((word) => {
      const [, pair, times] = /^([0-9a-f]{2})(?:\*(\d+))?$/.exec(word) ?? [];
      if (pair === undefined) throw new Error(`Not a byte in hex: ${word}`);
      return Buffer.alloc(Number(times ?? 1), Number.parseInt(pair, 16));
    }),
  );
}
