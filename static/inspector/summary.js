// A frame, or the body of a request, in; what a line of the time line says of it out.
import { closeName } from './fields.js';
import { packetsOf } from './layers.js';
import { Opcode } from './protocol.js';
import { cut, textOf } from './text.js';

export function flagsOf(frame, complete) {
  return [
    frame.fin ? 'FIN' : '',
    frame.rsv1 ? 'RSV1' : '',
    frame.rsv2 ? 'RSV2' : '',
    frame.rsv3 ? 'RSV3' : '',
    frame.masked ? 'MASK' : '',
    complete ? '' : 'CUT',
  ].filter(Boolean);
}

export function controlSummary({ opcode, payload }) {
  if (opcode !== Opcode.Close || payload.length < 2) return textOf(payload);
  const code = (payload[0] << 8) | payload[1];
  const reason = textOf(payload.subarray(2));
  return `${code} ${closeName(code)}${reason ? `: ${reason}` : ''}`;
}

export function packetsIn({ bytes, length }) {
  return length > 0 && bytes.length === length ? packetsOf(textOf(bytes)) : [];
}

export function summaryOf(packets) {
  return cut(packets.map(({ summary }) => summary).join(' ␞ '), 300);
}
