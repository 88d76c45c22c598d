// Sensors: readings of 16 bits each, ten to a binary message; three sensors are made up, the others are visitors.
import type { Server } from '../../index.ts';
import { visitors } from './visitors.ts';

const everyMs = 100;
const samples = 10;
/** Readings of a visitor in one message. */
const most = 100;

/** Made up: what each would measure at a time in seconds, from -1 to 1. */
const made: [name: string, measure: (t: number) => number][] = [
  ['Tide', (t) => 0.55 + Math.sin(t / 2) * 0.35],
  ['Heart', (t) => Math.exp(-(((t % 1) - 0.3) ** 2) / 0.002) * 0.5 - 0.6],
  ['Wind', (t) => Math.sin(t * 3) * 0.08 + (Math.random() - 0.5) * 0.15],
];

export function openSensors(io: Server): () => void {
  const station = visitors(io, 'sensors', { places: 100, burst: 40, perSecond: 20 });
  let count = 0;
  let turn = 0;

  station.on('connection', (socket) => {
    const name = `Visitor ${++count}`;
    socket.emit('you', name);
    socket.on('readings', (bytes: unknown) => {
      const fits = Buffer.isBuffer(bytes) && bytes.length > 0 && bytes.length <= 2 * most;
      if (fits && bytes.length % 2 === 0) station.volatile.emit('readings', name, bytes);
      else socket.emit('notice', `A message is up to ${most} readings of 2 bytes each.`);
    });
  });

  // One after the other: of volatile events that go out together, a connection takes the first and is busy.
  const timer = setInterval(() => {
    const [name, measure] = made[turn++ % made.length]!;
    const time = (Math.floor(turn / made.length) * everyMs) / 1000;
    const bytes = Buffer.alloc(2 * samples);
    for (let i = 0; i < samples; i++) {
      bytes.writeInt16BE(Math.round(measure(time + (i * everyMs) / 1000 / samples) * 0x7fff), 2 * i);
    }
    station.volatile.emit('readings', name, bytes);
  }, everyMs / made.length);
  return () => clearInterval(timer);
}
