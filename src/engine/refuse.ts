// Says no: as JSON to a request, as plain text to an upgrade, whose clients see no more than the end.
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  EngineErrorCode,
  type EngineRefusal,
  errorBody,
  refusalMessage,
} from '../protocol/engineio/errors.ts';

export function refuseRequest(res: ServerResponse, refusal: EngineRefusal): void {
  const body = errorBody(refusal);
  const status = refusal.code === EngineErrorCode.FORBIDDEN ? 403 : 400;
  res
    .writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) })
    .end(body);
}

export function refuseUpgrade(socket: Duplex, refusal: EngineRefusal): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = refusalMessage(refusal);
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-type: text/html\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}
