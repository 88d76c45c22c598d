// The chat page: puts its parts together, opens the connection, and shows the wire beside it when there is time for that.
import { wireToken } from '/inspector/token.js';
import { announce } from './announcer.js';
import { Composer } from './composer.js';
import { Connection } from './connection.js';
import { byId, element } from './elements.js';
import { Line } from './line.js';
import { Pictures } from './pictures.js';
import { Side } from './side.js';
import { reopened } from './storage.js';
import { Talk } from './talk.js';
import { Transcript } from './transcript.js';

const { name, key, rooms, draft } = reopened();
const me = { name, draft };
// By it the server knows whose traffic to show to whom: this browser's, to this browser.
const token = wireToken();
const connection = new Connection({ wire: token }, () => ({ name: me.name, key }));
const talk = new Talk(connection, rooms);
const composer = new Composer(talk, me);
const pictures = new Pictures((id) => talk.look(id));
new Transcript(talk, pictures, (message) => composer.edit(message));
new Line(connection);
new Side(talk);
announce(talk);

talk.addEventListener('me', () => {
  me.name = talk.me.name;
});
talk.addEventListener('list', () => {
  document.title = talk.unread > 0 ? `(${talk.unread}) Wirehub · chat` : 'Wirehub · chat';
  byId('elsewhere').textContent = `${talk.unread}`;
  byId('elsewhere').hidden = talk.unread === 0;
});
talk.addEventListener('place', () => view('talk'));
talk.addEventListener('item', ({ live }) => live && spark());
for (const event of ['place', 'typing']) talk.addEventListener(event, showTyping);
document.addEventListener('visibilitychange', () => document.hidden || talk.read());

for (const button of document.querySelectorAll('.views button')) {
  button.addEventListener('click', () => view(button.dataset.view));
}
for (const place of document.querySelectorAll('[data-ws], [data-http]')) {
  const { ws, http } = place.dataset;
  place.textContent = http ? new URL(http, location) : new URL(ws, location.href.replace(/^http/, 'ws'));
}
byId('how').addEventListener('click', () => byId('joining').showModal());

talk.show(talk.current?.key);
connection.open();
// It is no part of the chat, and several times as large: it may come when all else has been painted.
(globalThis.requestIdleCallback ?? setTimeout)(showWire);

async function showWire() {
  for (const name of ['inspector', 'frame']) {
    document.head.append(element('link', { rel: 'stylesheet', href: `/inspector/${name}.css` }));
  }
  try {
    const { mountInspector } = await import('/inspector/inspector.js');
    mountInspector(byId('inspector'), { token });
  } catch {
    // The server went away meanwhile. The chat does without, until the page is loaded again.
    byId('inspector').textContent = 'The inspector has not come. Load the page again to see the wire.';
  }
}

/** What a narrow page shows of the three things that a wide one has beside each other. */
function view(name) {
  document.documentElement.dataset.view = name;
  for (const button of document.querySelectorAll('.views button')) {
    button.setAttribute('aria-pressed', `${button.dataset.view === name}`);
  }
}

function showTyping() {
  const names = [...(talk.current?.typing.values() ?? [])].map(({ name: typing }) => typing);
  const are = names.length === 1 ? 'is' : 'are';
  byId('typing').textContent = names.length === 0 ? '' : `${names.slice(0, 3).join(', ')} ${are} typing…`;
}

/** Lets a spark run along the wire. */
function spark() {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches || document.hidden) return;
  const [pulse] = document.getElementsByClassName('pulse');
  for (const running of pulse.getAnimations()) running.cancel();
  const way = -pulse.getBoundingClientRect().width;
  pulse.animate({ strokeDashoffset: [14, way], opacity: [1, 1] }, { duration: 900, easing: 'ease-in-out' });
}
