// The chat page: what is typed goes out as `name: text`, what comes in is shown, and the connection's state with it.
import { Connection } from './connection.js';
import { MessageLog } from './message-log.js';
import { reopened, store } from './storage.js';

const byId = (id) => document.getElementById(id);
const [status, countdown, retry] = ['status', 'countdown', 'retry'].map(byId);
const [composer, nameField, textField, quiet] = ['composer', 'name', 'text', 'quiet'].map(byId);

const url = new URL('ws', location.href.replace(/^http/, 'ws')).href;
const connection = new Connection(url);
const log = new MessageLog(byId('log'), byId('latest'));

/** Texts that were sent and have not come back yet: the server sends to everyone, so also to us. */
let sent = [];
let overdue;
let ticking;

connection.addEventListener('message', ({ data }) => {
  const mine = sent.findIndex(({ text }) => text === data);
  if (mine !== -1) sent.splice(0, mine + 1);
  clearTimeout(overdue);
  if (sent.length > 0) expectAnswer();
  if (data.trim() === '') return;
  quiet.hidden = true;
  log.add(data, { own: mine !== -1 });
  pulse();
});

connection.addEventListener('state', () => {
  document.documentElement.dataset.state = connection.state;
  if (connection.state === 'open') {
    say('Connected');
    // A button that goes away while it has the focus would leave keyboard users nowhere.
    if (document.activeElement === retry) textField.focus();
  } else if (connection.cause === '') {
    say('Connecting…');
  } else {
    // The same words stay through all attempts, so that a screen reader says them once.
    say(`Not connected: ${connection.cause}`);
  }
  retry.hidden = connection.cause === '';
  if (connection.state === 'waiting') {
    clearTimeout(overdue);
    takeBack();
  }
  tick();
});

composer.addEventListener('submit', (event) => {
  event.preventDefault();
  const words = textField.value.trim();
  if (words === '') return;
  const name = nameField.value.replaceAll(':', ' ').trim();
  const text = name ? `${name}: ${words}` : words;
  if (!connection.send(text)) {
    say('Not connected: your text stays here until you can send it');
    return;
  }
  sent.push({ text, words });
  expectAnswer();
  textField.value = '';
  drafted();
  textField.focus();
});

textField.addEventListener('keydown', (event) => {
  // While an input method composes a character, Enter belongs to it.
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  composer.requestSubmit();
});
nameField.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.isComposing) return;
  event.preventDefault();
  textField.focus();
});
textField.addEventListener('input', drafted);
nameField.addEventListener('input', () => store('name', nameField.value));
retry.addEventListener('click', () => connection.retry());

/** If nothing comes back, the connection is dead, whatever the browser believes. */
function expectAnswer() {
  clearTimeout(overdue);
  overdue = setTimeout(() => connection.abandon('the server does not answer'), 10_000);
}

/** Puts texts that nobody may have read back where they were written. */
function takeBack() {
  if (sent.length === 0) return;
  textField.value = [...sent.map(({ words }) => words), textField.value].filter(Boolean).join('\n');
  sent = [];
  drafted();
}

function drafted() {
  store('draft', textField.value);
}

function say(words) {
  if (status.textContent !== words) status.textContent = words;
}

function tick() {
  clearTimeout(ticking);
  const left = Math.max(1, Math.ceil((connection.retryAt - performance.now()) / 1000));
  countdown.textContent =
    connection.cause === '' ? '' : connection.state === 'waiting' ? `again in ${left} s` : 'trying…';
  if (connection.state === 'waiting') ticking = setTimeout(tick, 250);
}

/** Lets a spark run along the wire. */
function pulse() {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches || document.hidden) return;
  const [spark] = document.getElementsByClassName('pulse');
  for (const running of spark.getAnimations()) running.cancel();
  spark.animate({ strokeDashoffset: [8, -100], opacity: [1, 1] }, { duration: 900, easing: 'ease-in-out' });
}

for (const place of document.querySelectorAll('[data-url]')) place.textContent = url;
byId('joining').open = matchMedia('(min-width: 60rem)').matches;
({ name: nameField.value, draft: textField.value } = reopened());
connection.open();
