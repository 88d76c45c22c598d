// Long payloads in, XORed with the masking key sixteen bytes at a time (RFC 6455 §5.3): a WebAssembly function written by hand.

/** What is copied in, masked and copied out at a time: all of WebAssembly's memory, which stays in the CPU's cache. */
const block = 64 * 1024;
/** One turn of the loop masks this much. */
const stride = 64;

/** A section of a module: its id, the length of its content, the content. */
function section(id: number, content: readonly number[]): number[] {
  return [id, content.length, ...content];
}

/** `v128.store(at + offset, v128.xor(v128.load(at + offset), key))` */
function maskSixteenBytes(offset: number): number[] {
  const [localGet, simd] = [0x20, 0xfd];
  return [
    ...[localGet, 0, localGet, 0, simd, 0x00, 4, offset],
    ...[localGet, 3, simd, 0x51, simd, 0x0b, 4, offset],
  ];
}

/** (func (param $at i32) (param $end i32) (param $key i32) (local $keys v128)): masks `[at, end)`, one stride at least. */
const body = [
  ...[1, 1, 0x7b], // one local, a v128
  ...[0x20, 2, 0xfd, 0x11, 0x21, 3], // $keys = i32x4.splat($key)
  ...[0x03, 0x40], // loop
  ...[0, 16, 32, 48].flatMap(maskSixteenBytes),
  ...[0x20, 0, 0x41, 0xc0, 0, 0x6a, 0x22, 0], // $at += 64
  ...[0x20, 1, 0x49, 0x0d, 0], // again if $at < $end
  ...[0x0b, 0x0b],
];

const module = new Uint8Array([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // "\0asm", version 1
  ...section(1, [1, 0x60, 3, 0x7f, 0x7f, 0x7f, 0]), // a type: three i32 in, nothing out
  ...section(3, [1, 0]), // a function of it
  ...section(5, [1, 0, 1]), // a memory of one page, 64 KiB
  ...section(7, [2, 1, 0x6d, 2, 0, 1, 0x66, 0, 0]), // exports: memory "m", function "f"
  ...section(10, [1, body.length, ...body]),
]);

type Mask = (at: number, end: number, key: number) => void;

/** What is used of WebAssembly, which the types for Node leave out. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { exports: { m: { buffer: ArrayBuffer }; f: Mask } };
}

interface Unit {
  readonly memory: Uint8Array;
  readonly mask: Mask;
}

/** Undefined until first asked for; null where there is no WebAssembly, or none with SIMD. */
let unit: Unit | null | undefined;

function startUnit(): Unit | null {
  try {
    const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
    const { m, f } = new Instance(new Module(module)).exports;
    return { memory: new Uint8Array(m.buffer), mask: f };
  } catch {
    return null;
  }
}

/**
 * XORs as much of `bytes[start, end)` as makes whole strides, in place, and returns where it has stopped: at `start` if
 * this platform can't.
 *
 * @param key the masking key in the byte order of this machine's words, its first byte meant for `bytes[start]`
 */
export function maskStrides(bytes: Uint8Array, start: number, end: number, key: number): number {
  if (unit === undefined) unit = startUnit();
  if (unit === null) return start;
  const { memory } = unit;
  let at = start;
  while (end - at >= stride) {
    const size = Math.min(block, (end - at) & -stride);
    memory.set(bytes.subarray(at, at + size));
    unit.mask(0, size, key);
    bytes.set(size === block ? memory : memory.subarray(0, size), at);
    at += size;
  }
  return at;
}
