// Chunks of a connection's bytes in; what the parser and the assembler make of them, in order, out.
import { decodeClose } from '../../../src/protocol/rfc6455/close-frame.ts';
import { Found, FrameParser } from '../../../src/protocol/rfc6455/frame-parser.ts';
import type { FrameRules } from '../../../src/protocol/rfc6455/frame-rules.ts';
import { MessageAssembler } from '../../../src/protocol/rfc6455/message-assembler.ts';
import { Opcode } from '../../../src/protocol/rfc6455/opcode.ts';
import { ProtocolError } from '../../../src/protocol/rfc6455/protocol-error.ts';
import type { FrameVector, Outcome } from '../../vectors/vectors.ts';

/** A server's rules without limits, but for what is given. */
export function serverRules(rules: Partial<FrameRules> = {}): FrameRules {
  return {
    expectMask: true,
    allowCompressed: false,
    maxPayload: 0,
    maxFragments: 0,
    maxBufferedChunks: 0,
    ...rules,
  };
}

export function rulesOf(vector: FrameVector): FrameRules {
  return serverRules({
    expectMask: vector.from === 'client',
    allowCompressed: vector.deflate === true,
    ...vector.limits,
  });
}

export interface Transcript {
  readonly outcomes: Outcome[];
  /** Whether nothing was under way at the end: the parser could serve another connection. */
  readonly idle: boolean | undefined;
}

/** Reads chunk by chunk until the end, a close frame or a protocol error. Any other error is thrown. */
export function read(rules: FrameRules, chunks: Iterable<Uint8Array>): Transcript {
  const messages = new MessageAssembler(new FrameParser(rules));
  const outcomes: Outcome[] = [];
  let count = 0;
  try {
    for (const chunk of chunks) {
      messages.frames.push(copyOf(chunk, count++ + chunk.length));
      for (let found = messages.next(); found !== Found.Nothing; found = messages.next()) {
        const outcome = found === Found.Message ? messageOf(messages) : controlOf(messages.frames);
        outcomes.push(outcome);
        if ('close' in outcome) return { outcomes, idle: undefined };
      }
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    outcomes.push({ error: error.code, closeCode: error.closeCode, rule: error.rule });
    return { outcomes, idle: undefined };
  }
  return { outcomes, idle: messages.isIdle };
}

/** The parser changes what it is given, so it gets a copy; that lies in memory as unevenly as a chunk may. */
function copyOf(chunk: Uint8Array, alignment: number): Buffer {
  const before = alignment & 3;
  const memory = Buffer.allocUnsafe(before + chunk.length);
  memory.set(chunk, before);
  return memory.subarray(before);
}

function messageOf({ opcode, compressed, payload }: MessageAssembler): Outcome {
  const hex = hexOf(payload);
  if (opcode === Opcode.Text) return compressed ? { compressedText: hex } : { text: payload.toString() };
  return compressed ? { compressedBinary: hex } : { binary: hex };
}

function controlOf({ opcode, payload }: FrameParser): Outcome {
  if (opcode === Opcode.Ping) return { ping: hexOf(payload) };
  if (opcode === Opcode.Pong) return { pong: hexOf(payload) };
  const { code, reason } = decodeClose(payload, false);
  return { close: code, reason: reason.toString() };
}

/** Hex with nothing between the bytes: the one form in which outcomes are compared. */
export function hexOf(payload: Uint8Array): string {
  return Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString('hex');
}
