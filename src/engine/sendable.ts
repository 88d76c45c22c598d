// What programs may send, in the form in which packets have it.
import type { EngineData } from '../protocol/engineio/packet.ts';

export type Sendable = EngineData | ArrayBuffer | ArrayBufferView;

/** Text and bytes; whatever else a program without types sends becomes text. */
export function toEngineData(data: Sendable): EngineData {
  if (typeof data === 'string' || data instanceof Uint8Array) return data;
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : String(data);
}
