// Makes one handshake with the headers given, and where it is answered by 101 sees that the connection works and closes.
import assert from 'node:assert/strict';
import type { EchoServer } from './echo-server.ts';
import * as frame from './frames.ts';
import { type OpeningResponse, openingRequest } from './opening-request.ts';
import * as reply from './replies.ts';

export async function answerTo(
  server: EchoServer,
  headers: Record<string, string | string[]>,
): Promise<OpeningResponse> {
  let response: OpeningResponse | undefined;
  await server.withConnection(async (client) => {
    client.socket.write(openingRequest({ headers }));
    response = await client.answer();
    if (response.status !== 101) return;
    client.socket.write(Buffer.concat([frame.text('Hello'), frame.close(1000)]));
    assert.deepEqual(await client.untilEnd(), [reply.text('Hello'), reply.close(1000), reply.fin]);
  });
  return response!;
}
