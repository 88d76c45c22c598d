// Names that a part of a program may take as given, `<!-- given: io, server -->`, and what they are.

const declarations: Readonly<Record<string, string>> = {
  Server: "import { Server } from 'wirehub';",
  io: "declare const io: import('wirehub').Server;",
  socket: "declare const socket: import('wirehub').Socket;",
  server: "declare const server: import('node:http').Server;",
  http: "declare const http: import('node:http').Server;",
  httpServer: "declare const httpServer: import('node:http').Server;",
  WebSocketServer: "import { WebSocketServer } from 'wirehub/websocket';",
  wss: "declare const wss: import('wirehub/websocket').WebSocketServer;",
  ws: "declare const ws: import('wirehub/websocket').WebSocket;",
  client: "declare const client: import('wirehub/client').Socket;",
};

export function givenNames(names: string): string {
  return names
    .split(/, */)
    .map((name) => {
      const declaration = declarations[name];
      if (declaration === undefined) throw new Error(`${name} is not in test/docs/given.ts`);
      return declaration;
    })
    .join('\n');
}
