// Sensors: each message is a name and bytes; a DataView reads the numbers out of them, and writes one's own into some.
import { Chart, keys } from '../chart.js';
import { connect, element, find } from '../gallery.js';

const length = 600;
const chart = new Chart(find('#chart'), length, [-0x7fff, 0x7fff]);
const socket = connect();
/** By name: readings, and where the last is shown. */
const sensors = new Map();
const most = 4;
let me;
let bytes = 0;
let json = 0;

socket.on('you', (name) => {
  me = name;
});

socket.on('readings', (name, data) => {
  const view = new DataView(data);
  const readings = Array.from({ length: view.byteLength >> 1 }, (_, at) => view.getInt16(2 * at));
  const sensor = sensors.get(name) ?? add(name);
  if (!sensor) return;
  sensor.line.push(...readings);
  sensor.line.splice(0, sensor.line.length - length);
  sensor.heard = performance.now();
  bytes += data.byteLength;
  json += JSON.stringify(readings).length;
  if (name === me || !sensors.has(me)) sensor.hex = data;
  chart.show([...sensors.values()].map(({ line }) => line));
});

/** As many as the chart has kinds of lines for; visitors who fell silent make room for others. */
function add(name) {
  const silent = [...sensors].find(([, { heard }]) => performance.now() - heard > 3000)?.[0];
  if (sensors.size >= most && silent) remove(silent);
  if (sensors.size >= most && name === me) remove([...sensors.keys()].at(-1));
  if (sensors.size >= most) return undefined;
  const row = element('tr');
  const heading = element('th');
  heading.scope = 'row';
  heading.append(element('span', '', 'key'), name === me ? 'You' : name);
  const last = element('td', '–');
  row.append(heading, last);
  find('#names').append(row);
  const sensor = { line: new Array(length).fill(Number.NaN), last, row, heard: 0 };
  sensors.set(name, sensor);
  dress();
  return sensor;
}

function remove(name) {
  sensors.get(name).row.remove();
  sensors.delete(name);
  dress();
}

/** Keys follow the order in which the chart draws. */
function dress() {
  [...sensors.values()].forEach(({ row }, at) => {
    row.querySelector('.key').className = `key ${keys[at]}`;
  });
}

// For people: once a second.
setInterval(() => {
  find('#bytes').textContent = bytes;
  find('#json').textContent = json;
  bytes = json = 0;
  for (const { line, last, hex } of sensors.values()) {
    last.textContent = line.at(-1) ?? '–';
    if (hex) find('#hex').textContent = inHex(new Uint8Array(hex));
  }
}, 1000);

const inHex = (all) => Array.from(all, (byte) => byte.toString(16).padStart(2, '0')).join(' ');

// One's own: ten readings of the slider, a hundredth of a second apart, in each message, as long as it was moved lately.
const slider = find('#mine');
let moved = Number.NEGATIVE_INFINITY;
let own = [];
slider.addEventListener('input', () => {
  moved = performance.now();
});
setInterval(() => {
  if (performance.now() - moved > 10_000) return;
  own.push(slider.valueAsNumber);
  if (own.length < 10) return;
  const view = new DataView(new ArrayBuffer(2 * own.length));
  for (const [at, reading] of own.entries()) view.setInt16(2 * at, reading);
  own = [];
  socket.volatile.emit('readings', view.buffer);
}, 10);
