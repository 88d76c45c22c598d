// The one program that both Socket.IO servers run: an echo that acknowledges, and a news channel.

/** What the program uses of either. */
export interface Benchmarked {
  on(event: 'connection', listener: (socket: BenchmarkedSocket) => void): unknown;
  emit(event: string, text: string): unknown;
}

interface BenchmarkedSocket {
  on(event: 'echo', listener: (text: string, reply: (text: string) => void) => void): unknown;
  on(event: 'publish', listener: (text: string) => void): unknown;
}

export function serveEvents(io: Benchmarked): void {
  io.on('connection', (socket) => {
    socket.on('echo', (text, reply) => reply(text));
    socket.on('publish', (text) => io.emit('news', text));
  });
}
