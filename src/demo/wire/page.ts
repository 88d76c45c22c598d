// What pages run of this package's own protocol code, bundled as one module: `/inspector/protocol.js`.
export { decodeText } from '../../protocol/engineio/packet.ts';
export { decodePayload } from '../../protocol/engineio/payload.ts';
export { CloseCode, isSendableCloseCode } from '../../protocol/rfc6455/close-codes.ts';
export { dissect } from '../../protocol/rfc6455/dissection.ts';
export { FrameSlicer } from '../../protocol/rfc6455/frame-slicer.ts';
export { mask } from '../../protocol/rfc6455/mask.ts';
export { Opcode } from '../../protocol/rfc6455/opcode.ts';
export { PacketType } from '../../protocol/socketio/packet.ts';
export { parseText } from '../../protocol/socketio/text.ts';
export { verdict } from './verdict.ts';
