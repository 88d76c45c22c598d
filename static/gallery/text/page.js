// A text with several pens: Yjs holds the document and merges; changes go over the wire as the bytes that Yjs makes of them.
import { connect, find, notice } from '../gallery.js';
import * as Y from '../yjs.js';

const area = find('#text');
const doc = new Y.Doc();
const text = doc.getText('text');
// What is not acknowledged is sent again, also after a time without a line.
const socket = connect({ retries: 1000, ackTimeout: 4000 });
const counts = { sent: 0, received: 0 };

const count = (name) => {
  counts[name]++;
  find(`#${name}`).textContent = counts[name];
};

// From the pen to the document: what lies between the equal beginning and the equal end has changed.
area.addEventListener('input', () => {
  const [old, now] = [text.toString(), area.value];
  const shorter = Math.min(old.length, now.length);
  let start = 0;
  while (start < shorter && old[start] === now[start]) start++;
  let end = 0;
  while (end < shorter - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  doc.transact(() => {
    text.delete(start, old.length - start - end);
    text.insert(start, now.slice(start, now.length - end));
  }, 'pen');
});

// From the document to the sheet: the cursor stays at the letter where it is.
doc.on('beforeTransaction', ({ origin }) => {
  if (origin === 'pen') return;
  const places = [area.selectionStart, area.selectionEnd].map((index) =>
    Y.createRelativePositionFromTypeIndex(text, index),
  );
  doc.once('afterTransaction', () => {
    if (area.value === text.toString()) return;
    area.value = text.toString();
    const [start, end] = places.map(
      (place) => Y.createAbsolutePositionFromRelativePosition(place, doc).index,
    );
    area.setSelectionRange(start, end);
  });
});

// From the document to the others: what is typed within a twentieth of a second goes together.
let waiting = [];
doc.on('update', (update, origin) => {
  if (origin !== 'pen') return;
  if (waiting.length === 0) setTimeout(send, 50);
  waiting.push(update);
});

function send() {
  const update = Y.mergeUpdates(waiting);
  waiting = [];
  count('sent');
  socket.emit('update', update, (_error, refusal) => {
    if (refusal) notice(refusal);
  });
}

/** What others send may be anything. */
function apply(update) {
  try {
    Y.applyUpdate(doc, new Uint8Array(update), 'wire');
    return true;
  } catch {
    return false;
  }
}

socket.on('update', (update) => {
  if (apply(update)) count('received');
});

socket.on('text', (framed) => {
  const view = new DataView(framed);
  for (let at = 0; at < framed.byteLength; ) {
    const length = view.getUint32(at);
    apply(framed.slice(at + 4, at + 4 + length));
    at += 4 + length;
  }
});

// The server cannot make one change of many; it asks a page.
socket.on('gather', (reply) => reply(Y.encodeStateAsUpdate(doc)));
socket.on('writers', (writers) => {
  find('#writers').textContent = writers;
});

find('#offline').addEventListener('click', ({ target }) => {
  const offline = target.ariaPressed !== 'true';
  target.ariaPressed = String(offline);
  if (offline) socket.disconnect();
  else socket.connect();
});

/** Measured by itself: what a cache had is said to be empty. */
async function sizeOf(file) {
  const response = await fetch(file, { cache: 'force-cache' });
  return [file, (await response.arrayBuffer()).byteLength];
}

async function showWeight() {
  const loaded = performance.getEntriesByType('resource').map(({ name }) => name);
  const files = new Set(loaded.filter((name) => /\.(css|js)$/.test(name)));
  const sizes = await Promise.all([...files].map(sizeOf));
  const sum = (isMeant) => sizes.reduce((all, [file, size]) => all + (isMeant(file) ? size : 0), 0);
  const yjs = sum((file) => file.endsWith('yjs.js'));
  const client = sum((file) => file.includes('/socket.io/'));
  const [yjsSize, clientSize, rest] = [yjs, client, sum(() => true) - yjs - client].map(
    (bytes) => `${Math.round(bytes / 1000)} kB`,
  );
  find('#weight').textContent =
    `What this page loads: Yjs ${yjsSize}, the client ${clientSize}, all else ${rest}, before compression.`;
}
addEventListener('load', () => setTimeout(showWeight, 200));
