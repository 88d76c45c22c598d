// Drawing together: what this pointer does goes to the server, and what the server says is what is shown.
import { connect, element, find } from '../gallery.js';

const [width, height] = [1000, 600];
const canvas = find('#board');
const socket = connect();
let lines = [];
let players = [];
let spark;
let me = 0;
/** Where this pointer is; what was said of it last. */
let at = [width / 2, height / 2];
let said = at;

socket.on('board', (all, where) => {
  lines = all;
  spark = where;
  draw();
});
socket.on('you', (number) => {
  me = number;
});
socket.on('line', (line) => {
  lines.push(line);
  draw();
});
socket.on('wipe', () => {
  lines = [];
  draw();
});
socket.on('spark', (where) => {
  spark = where;
  draw();
});
socket.on('players', (all) => {
  players = all;
  showPoints();
  draw();
});

/** Thirty times a second are enough for eyes, and within what the server allows. */
setInterval(() => {
  if (at === said || !socket.connected) return;
  said = at;
  socket.volatile.emit('move', ...at);
}, 33);

let from;
function moveTo(point, drawing) {
  at = point;
  if (!drawing) from = undefined;
  else if (!from) from = at;
  else if (Math.hypot(at[0] - from[0], at[1] - from[1]) >= 6) {
    socket.emit('line', ...from, ...at);
    lines.push([me, ...from, ...at]);
    from = at;
  }
  draw();
}

const within = (value, most) => Math.round(Math.min(most, Math.max(0, value)));

function onPointer(event) {
  const { left, top } = canvas.getBoundingClientRect();
  const x = ((event.clientX - left) / canvas.clientWidth) * width;
  const y = ((event.clientY - top) / canvas.clientHeight) * height;
  moveTo([within(x, width), within(y, height)], event.buttons > 0);
}
canvas.addEventListener('pointerdown', (event) => {
  canvas.setPointerCapture(event.pointerId);
  onPointer(event);
});
canvas.addEventListener('pointermove', onPointer);
canvas.addEventListener('pointerup', onPointer);

const steps = { ArrowLeft: [-12, 0], ArrowRight: [12, 0], ArrowUp: [0, -12], ArrowDown: [0, 12] };
canvas.addEventListener('keydown', (event) => {
  const step = steps[event.key];
  if (!step) return;
  event.preventDefault();
  if (event.shiftKey && !from) from = at;
  moveTo([within(at[0] + step[0], width), within(at[1] + step[1], height)], event.shiftKey);
});

// A cut is no goodbye: the client comes back by itself, and the server has kept what it missed.
find('#cut').addEventListener('click', () => socket.io.engine.close());
find('#wipe').addEventListener('click', () => socket.emit('wipe'));

/** Told apart by hue, and by number for those who see no hues. */
const colourOf = (number) => `hsl(${(number * 137) % 360} 60% var(--lightness))`;
const dark = matchMedia('(prefers-color-scheme: dark)');
const hue = (number) => colourOf(number).replace('var(--lightness)', dark.matches ? '68%' : '40%');

let points = '';
function showPoints() {
  const now = players.map(([number, , , score]) => `${nameOf(number)}: ${score}`).join(', ');
  if (now === points) return;
  points = now;
  const items = players.map(([number, , , score]) => element('li', `${nameOf(number)}: ${score}`));
  find('#players').replaceChildren(...items);
}
const nameOf = (number) => (number === me ? `You (pen ${number})` : `Pen ${number}`);

let waiting = false;
function draw() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    paint(canvas.getContext('2d'));
  });
}

function paint(context) {
  const scale = (canvas.clientWidth * devicePixelRatio) / width;
  canvas.width = width * scale;
  canvas.height = height * scale;
  context.scale(scale, scale);
  Object.assign(context, { lineCap: 'round', lineWidth: 4, font: '600 18px sans-serif' });
  for (const [number, x1, y1, x2, y2] of lines) {
    context.strokeStyle = hue(number);
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    context.stroke();
  }
  if (spark) dot(context, spark, 10, getComputedStyle(canvas).getPropertyValue('--copper'));
  for (const [number, x, y] of players) {
    const where = number === me ? at : [x, y];
    dot(context, where, 6, hue(number));
    context.fillText(number, where[0] + 10, where[1] - 8);
  }
}

function dot(context, [x, y], radius, colour) {
  context.fillStyle = colour;
  context.beginPath();
  context.arc(x, y, radius, 0, 7);
  context.fill();
}

new ResizeObserver(draw).observe(canvas);
dark.addEventListener('change', draw);
