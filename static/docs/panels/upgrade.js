// The upgrade of this very page: a session with this server, begun at a click, in; when each thing happened out.
import { io } from '/socket.io/socket.io.esm.min.js';
import { code, element, table } from './element.js';

/** Long enough for what comes behind the upgrade, in milliseconds. */
const afterwards = 300;

const nameOf = ({ type, data }) =>
  `${type}${typeof data === 'string' && data !== '' ? ` ${data.slice(0, 40)}` : ''}`;

export function open(place) {
  const begin = element('button', { type: 'button' }, 'Open a session');
  const { whole, show } = table('What happened, and when', ['ms', 'over', 'what']);
  const result = element('output');
  whole.hidden = true;

  begin.addEventListener('click', () => {
    begin.disabled = true;
    watch(show, (words) => {
      result.value = words;
      begin.disabled = false;
      begin.textContent = 'Once more';
    });
    whole.hidden = false;
  });
  place.append(
    element('h3', {}, 'The time line of this page'),
    element('p', {}, begin, ' This page connects to the server that it comes from, by long-polling first.'),
    whole,
    element('p', {}, result),
  );
}

/** Connects, and tells what happens until a little while behind the upgrade. */
function watch(show, done) {
  const started = performance.now();
  const rows = [];
  const tell = (over, what) => {
    rows.push([(performance.now() - started).toFixed(1), over, what]);
    show(rows);
  };
  const socket = io({ forceNew: true, reconnection: false });
  const { engine } = socket.io;
  const over = () => engine.transport.name;
  const finish = (words) => {
    socket.disconnect();
    done(words);
  };
  tell('polling', 'the request that opens a session: GET without sid');
  engine.on('handshake', ({ pingInterval, upgrades }) =>
    tell(over(), code(`0 open: a sid, upgrades ${JSON.stringify(upgrades)}, pingInterval ${pingInterval}`)),
  );
  engine.on('upgrading', ({ name }) =>
    tell(name, 'the opening handshake, with the sid; then a probe: 2probe'),
  );
  engine.on('packetCreate', (packet) => tell(over(), code(`→ ${nameOf(packet)}`)));
  engine.on('packet', (packet) => tell(over(), code(`← ${nameOf(packet)}`)));
  engine.on('upgrade', ({ name }) => {
    tell(
      name,
      'the probe was answered, polling has paused: 5, and from now on everything goes over the WebSocket',
    );
    setTimeout(finish, afterwards, 'One session, two transports, and nothing was lost or came twice.');
  });
  engine.on('upgradeError', () =>
    finish('The upgrade failed. The session would have gone on by long-polling.'),
  );
  socket.on('connect_error', (error) => finish(`No session: ${error.message}`));
}
