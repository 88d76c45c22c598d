// The ticker: prices come as volatile events, numbered, so that what was not sent can be seen and counted.
import { Chart, keys } from '../chart.js';
import { connect, element, find } from '../gallery.js';

const length = 500;
const chart = new Chart(find('#chart'), length);
let socket;
let lines = [];
/** The number of the last step that came. */
let last = 0;
let prices = [];
let received = 0;
let lost = 0;

function open(transport) {
  socket?.disconnect();
  lines = [];
  lost = 0;
  // Long-polling alone, or the socket would leave it as soon as it can.
  socket = connect({ transports: [transport], upgrade: false });
  socket.on('wares', begin);
  socket.on('tick', tick);
  socket.on('disconnect', () => {
    last = 0;
  });
}

function begin(names) {
  if (lines.length > 0) return;
  lines = names.map(() => []);
  prices = names.map((name, at) => {
    const heading = element('th');
    heading.scope = 'row';
    heading.append(element('span', '', `key ${keys[at]}`), name);
    return { heading, price: element('td', '–') };
  });
  find('#wares').replaceChildren(
    ...prices.map(({ heading, price }) => {
      const row = element('tr');
      row.append(heading, price);
      return row;
    }),
  );
}

function tick(step, now) {
  const missed = last ? step - last - 1 : 0;
  lines.forEach((line, at) => {
    for (let i = 0; i < Math.min(missed, length); i++) line.push(Number.NaN);
    line.push(now[at]);
    line.splice(0, line.length - length);
  });
  last = step;
  received++;
  lost += missed;
  if (find('#pause').ariaPressed !== 'true') chart.show(lines);
}

// For people, who cannot read a hundred prices a second.
setInterval(() => {
  find('#rate').textContent = received;
  find('#lost').textContent = lost;
  received = 0;
  lines.forEach((line, at) => {
    if (line.length > 0) prices[at].price.textContent = line.at(-1).toFixed(2);
  });
}, 1000);

for (const choice of document.querySelectorAll('[name=transport]')) {
  choice.addEventListener('change', () => open(choice.value));
}
find('#pause').addEventListener('click', ({ target }) => {
  target.ariaPressed = String(target.ariaPressed !== 'true');
});

open('websocket');
