// The live ticker: three prices wander, and each step goes out as a volatile event, which nobody waits for.
import type { Server } from '../../index.ts';
import { visitors } from './visitors.ts';

const wares = ['Copper', 'Paper', 'Ink'];
const everyMs = 10;

export function openTicker(io: Server): () => void {
  const ticker = visitors(io, 'ticker', { places: 100, burst: 5, perSecond: 1 });
  let prices = wares.map((_ware, at) => 80 + 20 * at);
  let step = 0;
  let timer: NodeJS.Timeout | undefined;

  const tick = () => {
    step++;
    prices = prices.map((price) => Math.min(200, Math.max(20, price * (1 + (Math.random() - 0.5) / 80))));
    ticker.volatile.emit(
      'tick',
      step,
      prices.map((price) => Math.round(price * 100) / 100),
    );
  };

  ticker.on('connection', (socket) => {
    socket.emit('wares', wares);
    timer ??= setInterval(tick, everyMs);
    socket.on('disconnect', () => {
      if (ticker.sockets.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    });
  });
  return () => clearInterval(timer);
}
