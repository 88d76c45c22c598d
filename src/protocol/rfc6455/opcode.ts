// The opcodes of a frame (RFC 6455 §5.2, §11.8).

/** Interpretation of a frame's payload, the low four bits of its first byte (RFC 6455 §5.2). */
export const Opcode = {
  /** Continues the fragmented message that is under way (§5.4). */
  Continuation: 0x0,
  Text: 0x1,
  Binary: 0x2,
  Close: 0x8,
  Ping: 0x9,
  Pong: 0xa,
} as const;
export type Opcode = (typeof Opcode)[keyof typeof Opcode];

/** §5.5: control frames are those whose opcode has its most significant bit set. */
export function isControl(opcode: number): boolean {
  return (opcode & 0x8) !== 0;
}

/** 0x3–0x7 and 0xB–0xF are reserved; without an extension that defines them they are an error (§5.2). */
export function isReserved(opcode: number): boolean {
  return (opcode & 0x7) > 2;
}
