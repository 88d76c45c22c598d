// In which form binary messages are handed over.

/** `nodebuffer` is the default; `fragments` gives one Buffer for each frame of the message. */
export type BinaryType = 'nodebuffer' | 'arraybuffer' | 'fragments' | 'blob';

export const binaryTypes: readonly BinaryType[] = ['nodebuffer', 'arraybuffer', 'fragments', 'blob'];

/** A received message: text is always a Buffer, binary what `binaryType` asks for. */
export type RawData = Buffer | ArrayBuffer | Buffer[] | Blob;

/** @param boundaries where each frame of the message ends, if there are several */
export function toBinaryType(payload: Buffer, type: BinaryType, boundaries: number[] | undefined): RawData {
  switch (type) {
    case 'nodebuffer':
      return payload;
    case 'arraybuffer':
      return toArrayBuffer(payload);
    case 'fragments':
      return boundaries === undefined
        ? [payload]
        : boundaries.map((end, i) => payload.subarray(boundaries[i - 1] ?? 0, end));
    case 'blob':
      return new Blob([payload as Buffer<ArrayBuffer>]);
  }
}

function toArrayBuffer({ buffer, byteOffset, byteLength }: Buffer): ArrayBuffer {
  if (byteLength === buffer.byteLength) return buffer as ArrayBuffer;
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}
