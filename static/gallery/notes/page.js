// Notes: this tab says who it is, and hears what is meant for this person, as do the person's other tabs.
import { connect, element, find } from '../gallery.js';

const socket = connect({ autoConnect: false });
const title = document.title;
const list = find('#notes');
/** By id. */
const notes = new Map();

socket.on('notes', (all) => {
  notes.clear();
  for (const note of all) notes.set(note.id, note);
  show();
});
socket.on('note', (note) => {
  notes.set(note.id, note);
  show();
});
socket.on('read', (id) => {
  const note = notes.get(id);
  if (note) note.read = true;
  show();
});

/** Newest first; what is unread is counted in the title, where a tab in the background has its say. */
function show() {
  const unread = [...notes.values()].filter(({ read }) => !read).length;
  document.title = unread > 0 ? `(${unread}) ${title}` : title;
  find('#mine').textContent = unread > 0 ? `Your notes, ${unread} unread` : 'Your notes';
  const items = [...notes.values()].reverse().map(item);
  list.replaceChildren(...(items.length > 0 ? items : [element('li', 'Nobody has written to you yet.')]));
}

function item({ id, from, text, at, read }) {
  const shown = element('li', '', read ? '' : 'unread');
  const words = element('p');
  words.append(element('strong', from), `: ${text}`);
  shown.append(words, element('span', new Date(at).toLocaleTimeString(), 'hint'));
  if (!read) {
    const done = element('button', 'Read');
    done.type = 'button';
    done.ariaLabel = `Mark as read: ${text}`;
    done.addEventListener('click', () => {
      socket.emit('read', id);
      list.querySelector('button:not(:focus)')?.focus();
    });
    shown.append(done);
  }
  return shown;
}

socket.on('present', (people) => {
  for (const [person, tabs] of people) {
    const words = tabs === 0 ? person : `${person} (${tabs} ${tabs === 1 ? 'tab' : 'tabs'})`;
    find(`#to [value="${person}"]`).textContent = words;
  }
});

for (const person of ['Ada', 'Grace', 'Hedy', 'Konrad', 'Radia']) {
  for (const choice of [find('#me'), find('#to')]) choice.append(new Option(person, person));
}
find('#me').value = sessionStorage.getItem('person') ?? 'Ada';

function become() {
  const person = find('#me').value;
  sessionStorage.setItem('person', person);
  // A note to oneself is rarely what one wants first.
  if (find('#to').value === person) find('#to').value = person === 'Ada' ? 'Grace' : 'Ada';
  notes.clear();
  show();
  socket.auth = { person };
  socket.disconnect().connect();
}
find('#me').addEventListener('change', become);

find('#send').addEventListener('submit', async (event) => {
  event.preventDefault();
  const [to, words] = [find('#to').value, find('#words').value];
  const tabs = await socket
    .timeout(5000)
    .emitWithAck('send', to, words)
    .catch(() => undefined);
  if (tabs === undefined) {
    find('#sent').textContent = 'The note was not taken. Try again.';
    return;
  }
  find('#words').value = '';
  find('#sent').textContent =
    tabs === 0
      ? `${to} is not here; the note waits.`
      : `Sent to ${to}, in ${tabs} ${tabs === 1 ? 'tab' : 'tabs'}.`;
});

become();
