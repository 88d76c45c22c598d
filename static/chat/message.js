// What one message looks like: a message comes in, an element goes out. A text only ever becomes text, never markup.
import { colored, element, words } from './elements.js';

/** @param before the message above; @param me the id of the visitor */
export function shownMessage(item, before, me, pictures) {
  const { from, text, action, picture } = item;
  const own = from.id === me;
  const said = words('span', 'words', text);
  if (picture) {
    said.prepend(pictures.show(picture, `Picture from ${from.name}`), ...(text ? [element('br')] : []));
  }
  const className = `message${own ? ' own' : ''}${action ? ' action' : ''}`;
  const meta = element('span', { className: 'meta' }, ...details(item, before, own));
  return element('p', { className }, ...speaker(from.name, action), said, meta);
}

/** Of a message that the server has not taken yet. */
export function pendingMessage({ text, bytes }, name) {
  const said = words('span', 'words', bytes ? `[picture] ${text}` : text);
  const tick = element('span', { className: 'tick', title: 'On its way' }, '…');
  const meta = element('span', { className: 'meta' }, ' ', tick);
  return element('p', { className: 'message own waiting' }, ...speaker(name), said, meta);
}

/** The colon and the space are for those who hear the page, or copy from it. */
function speaker(name, action) {
  const gap = element('span', { className: 'gap' }, action ? ' ' : ': ');
  return [colored(words('b', 'name', name), name), gap];
}

function details({ text, edited, at, got, room, picture }, before, own) {
  const shown = [];
  if (edited) shown.push(element('i', {}, 'edited'));
  if (own && room && !picture) {
    const ariaLabel = `Edit: ${text.slice(0, 40)}`;
    shown.push(element('button', { type: 'button', className: 'edit', ariaLabel }, 'edit'));
  }
  // The time is shown where it changes, as in a script the scene is.
  if (clock(at) !== clock(before?.at)) {
    const date = new Date(at);
    const properties = { dateTime: date.toISOString(), title: date.toLocaleString() };
    shown.push(element('time', properties, clock(at)));
  }
  if (own) shown.push(tick(got.size));
  return shown.flatMap((one) => [' ', one]);
}

function clock(at) {
  return at && new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}

/** One tick: the server has it. Two: so has the page of somebody else. */
function tick(got) {
  const title =
    got === 0 ? 'The server has it' : `Arrived on ${got === 1 ? 'one other page' : `${got} other pages`}`;
  const marks = got === 0 ? '✓' : `✓✓${got > 1 ? got : ''}`;
  return element('span', { className: 'tick', title, role: 'img', ariaLabel: title }, marks);
}
