// What the pages of the gallery share: a connection whose state is shown, notices, and where their code is to be read.
import { io } from '/socket.io/socket.io.esm.min.js';

const page = location.pathname.split('/').at(-2);

export const find = (selector) => document.querySelector(selector);

/** Joins the page's namespace and shows how it goes. */
export function connect(options = {}) {
  const socket = io(`/gallery/${page}`, {
    transports: ['websocket', 'polling'],
    reconnectionDelay: 500,
    reconnectionDelayMax: 4000,
    forceNew: true,
    ...options,
  });
  socket.on('connect', () =>
    show(socket.recovered ? 'Connected again; nothing was missed' : 'Connected', 'connected'),
  );
  socket.on('disconnect', () => show(socket.active ? 'The line is cut. Trying again…' : 'Not connected'));
  // Refused by the server, which says why; or no server at all.
  socket.on('connect_error', ({ message }) => show(socket.active ? 'No connection. Trying again…' : message));
  socket.on('notice', notice);
  return socket;
}

function show(words, state = '') {
  const status = find('#status');
  status.textContent = words;
  status.dataset.state = state;
}

let hiding;

/** A word from the server, for a while. */
export function notice(words) {
  let shown = find('.notice');
  if (!shown) {
    shown = document.createElement('p');
    shown.className = 'notice';
    shown.role = 'alert';
    find('.lead').after(shown);
  }
  shown.textContent = words;
  clearTimeout(hiding);
  hiding = setTimeout(() => shown.remove(), 8000);
}

/** An element with text, which is never markup. */
export function element(name, text = '', className = '') {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

async function showSource() {
  const files = { 'page.js': 'page.js', 'the server’s part': 'server.txt' };
  const footer = find('#source');
  footer.append('Read the code: ');
  for (const [name, file] of Object.entries(files)) {
    const response = await fetch(file);
    const lines = (await response.text()).trimEnd().split('\n').length;
    const link = element('a', name);
    link.href = file;
    footer.append(footer.childElementCount ? ' and ' : '', link, `, ${lines} lines`);
  }
  footer.append('.');
}

showSource();
