// Drawing together, and a small game: pointers, lines and a spark come and go; whoever touches the spark gets a point.
import type { Server } from '../../index.ts';
import { visitors, whole } from './visitors.ts';

const width = 1000;
const height = 600;
const reach = 22;
const mostLines = 3000;
const stateEveryMs = 40;

interface Player {
  number: number;
  x: number;
  y: number;
  score: number;
}

export function openTogether(io: Server): () => void {
  const board = visitors(io, 'together', { places: 50, burst: 200, perSecond: 120 });
  let lines: number[][] = [];
  let spark = somewhere();
  let count = 0;
  let changed = false;

  const players = () => [...board.sockets.values()].map(({ data }) => data as Player);

  board.on('connection', (socket) => {
    // After a short cut the hub has kept who this is, and has sent the lines that were missed.
    if (!socket.recovered) {
      socket.data = { number: ++count, x: width / 2, y: height / 2, score: 0 } satisfies Player;
      socket.emit('board', lines, spark);
    }
    const player = socket.data as Player;
    socket.emit('you', player.number);
    changed = true;

    socket.on('move', (x: unknown, y: unknown) => {
      player.x = whole(x, 0, width) ?? player.x;
      player.y = whole(y, 0, height) ?? player.y;
      changed = true;
      if (Math.hypot(player.x - spark[0], player.y - spark[1]) > reach) return;
      player.score++;
      spark = somewhere();
      board.emit('spark', spark);
    });
    socket.on('line', (...ends: unknown[]) => {
      const [x1, y1, x2, y2] = ends.map((end, at) => whole(end, 0, at % 2 ? height : width));
      if (x1 === undefined || y1 === undefined || x2 === undefined || y2 === undefined) return;
      const line = [player.number, x1, y1, x2, y2];
      lines.push(line);
      if (lines.length > 2 * mostLines) lines = lines.slice(-mostLines);
      socket.broadcast.emit('line', line);
    });
    socket.on('wipe', () => {
      lines = [];
      board.emit('wipe');
    });
    socket.on('disconnect', () => {
      changed = true;
    });
  });

  // Where everyone is may be lost: the next word of it comes soon.
  const timer = setInterval(() => {
    if (!changed) return;
    changed = false;
    const state = players().map(({ number, x, y, score }) => [number, x, y, score]);
    board.volatile.emit('players', state);
  }, stateEveryMs);
  return () => clearInterval(timer);
}

function somewhere(): [number, number] {
  return [60 + Math.round(Math.random() * (width - 120)), 60 + Math.round(Math.random() * (height - 120))];
}
