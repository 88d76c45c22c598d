// A stream of frames in; what its receiver makes of them, read by the very parser that connections use, out (RFC 6455 §5–§8).
import { decodeClose } from '../../protocol/rfc6455/close-frame.ts';
import { Found, FrameParser } from '../../protocol/rfc6455/frame-parser.ts';
import type { FrameRules } from '../../protocol/rfc6455/frame-rules.ts';
import { MessageAssembler } from '../../protocol/rfc6455/message-assembler.ts';
import { Opcode } from '../../protocol/rfc6455/opcode.ts';
import { ProtocolError } from '../../protocol/rfc6455/protocol-error.ts';

/** One thing that comes out of a stream of frames. */
export type Outcome =
  | {
      readonly kind: 'message';
      readonly binary: boolean;
      readonly compressed: boolean;
      readonly payload: Uint8Array;
    }
  | { readonly kind: 'ping' | 'pong'; readonly payload: Uint8Array }
  | { readonly kind: 'close'; readonly code: number; readonly reason: Uint8Array }
  | {
      readonly kind: 'failure';
      readonly code: string;
      readonly closeCode: number;
      readonly rule: string;
      readonly message: string;
    }
  /** A frame or a message has begun and is not finished. */
  | { readonly kind: 'unfinished' };

/** Reads on until the end, or until something ends the connection. */
export function verdict(stream: Uint8Array, rules: FrameRules): Outcome[] {
  const frames = new FrameParser(rules);
  const messages = new MessageAssembler(frames);
  const outcomes: Outcome[] = [];
  // The parser unmasks in place.
  const own = Buffer.allocUnsafe(stream.length);
  own.set(stream);
  frames.push(own);
  try {
    for (;;) {
      const found = messages.next();
      if (found === Found.Nothing) break;
      outcomes.push(outcomeOf(found, frames, messages));
      if (outcomes.at(-1)!.kind === 'close') return outcomes;
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const { code, closeCode, rule, message } = error;
    return [...outcomes, { kind: 'failure', code, closeCode, rule, message }];
  }
  return messages.isIdle ? outcomes : [...outcomes, { kind: 'unfinished' }];
}

function outcomeOf(found: Found, { opcode, payload }: FrameParser, messages: MessageAssembler): Outcome {
  if (found === Found.Message) {
    const { compressed, payload: whole } = messages;
    return { kind: 'message', binary: messages.opcode === Opcode.Binary, compressed, payload: whole };
  }
  if (opcode !== Opcode.Close) return { kind: opcode === Opcode.Ping ? 'ping' : 'pong', payload };
  return { kind: 'close', ...decodeClose(payload, false) };
}
