// The inspector: an element in, in which the traffic of this browser is laid bare: time line, filters, and the chosen entry.
import { h } from './dom.js';
import { Store } from './store.js';
import { hexOf, toBase64 } from './text.js';
import { TimeLine } from './time-line.js';
import { wireToken } from './token.js';
import { Wire } from './wire.js';

const kinds = {
  messages: ['Messages', (entry) => entry.kind === 'frame' && !entry.control],
  control: ['Control frames', (entry) => entry.kind === 'frame' && entry.control],
  handshakes: ['Handshakes', ({ kind }) => kind === 'open' || kind === 'close'],
  http: ['Long-polling', ({ kind }) => kind === 'request' || kind === 'response'],
};
const mostHeld = 5000;

/**
 * Fills an element with the inspector, and returns what it works with: `wire`, `store`, `close()`.
 *
 * @param options `token`: whose traffic is shown, default this browser's; `wire`: a channel that is there already
 */
export function mountInspector(element, { token = wireToken(), wire = new Wire(token) } = {}) {
  const store = new Store();
  const timeLine = new TimeLine();
  const detail = h('div.detail', { role: 'region', tabIndex: 0, 'aria-label': 'The chosen entry' });
  const status = h('p.wire-status', { role: 'status' });
  const filter = { connection: '', from: '', off: new Set() };
  let held = [];
  let paused = false;
  let left = 0;

  const shows = (entry) => {
    if (entry.kind === 'omitted') return true;
    if (filter.connection !== '' && entry.connection !== filter.connection) return false;
    if (filter.from !== '' && entry.from !== undefined && entry.from !== filter.from) return false;
    return !Object.entries(kinds).some(([name, [, is]]) => filter.off.has(name) && is(entry));
  };
  let due = false;
  const refresh = () => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      timeLine.show(store.entries.filter(shows));
      say();
    });
  };
  const say = () => {
    const count = store.entries.length;
    const words = [
      wire.connected ? '' : 'The server is out of reach; trying again. ',
      paused ? `Paused: ${held.length + left} more since. ` : '',
      count === 0 ? 'Nothing has been on the wire yet.' : `${count.toLocaleString('en')} entries`,
      store.dropped > 0 ? `, ${store.dropped.toLocaleString('en')} older ones dropped` : '',
    ].join('');
    if (status.textContent !== words) status.textContent = words;
  };

  wire.addEventListener('record', ({ detail: record }) => {
    if (!paused) store.take(record);
    else if (held.length < mostHeld) held.push(record);
    else left++;
    if (paused) say();
  });
  wire.addEventListener('state', say);
  store.addEventListener('change', refresh);

  const pause = h('button.small', { type: 'button', 'aria-pressed': 'false' }, 'Pause');
  pause.onclick = () => {
    paused = !paused;
    pause.setAttribute('aria-pressed', String(paused));
    if (!paused) {
      for (const record of held) store.take(record);
      if (left > 0) store.take({ kind: 'omitted', at: Date.now(), records: left, why: 'the pause was long' });
      held = [];
      left = 0;
    }
    say();
  };
  const clear = h('button.small', { type: 'button' }, 'Clear');
  clear.onclick = () => {
    store.clear();
    timeLine.chosen = undefined;
    detail.replaceChildren(invitation());
  };
  const save = h('button.small', { type: 'button' }, 'Export');
  save.onclick = () => download('wire.json', 'application/json', exported(store.entries.filter(shows)));

  timeLine.addEventListener('choose', async ({ detail: entry }) => {
    // What takes frames apart is loaded when it is needed first.
    const { detailOf } = await import('./detail.js');
    if (timeLine.chosen !== entry) return;
    const before = store.entries.findLast((one) => one.id < entry.id && one.connection === entry.connection);
    detail.replaceChildren(tools(entry), detailOf(entry, before));
    detail.scrollTop = 0;
  });

  bringStyles();
  detail.append(invitation());
  element.classList.add('inspector');
  element.replaceChildren(
    h(
      'div.wire-tools',
      { role: 'toolbar', 'aria-label': 'Time line' },
      connectionFilter(store, filter, refresh),
      directionFilter(filter, refresh),
      kindFilter(filter, refresh),
      h('span.buttons', {}, pause, clear, save),
    ),
    status,
    h('div.panes', {}, timeLine.element, detail),
  );
  say();
  refresh();
  return { wire, store, timeLine, close: () => wire.close() };
}

/** Other pages get the styles with the panel. */
function bringStyles() {
  for (const name of ['inspector.css', 'frame.css']) {
    const { href } = new URL(name, import.meta.url);
    if ([...document.styleSheets].some((sheet) => sheet.href === href)) continue;
    document.head.append(h('link', { rel: 'stylesheet', href }));
  }
}

function invitation() {
  return h(
    'p.invitation',
    {},
    'Choose an entry of the time line: its bytes are taken apart here, bit by bit. The arrow keys move along.',
  );
}

function connectionFilter(store, filter, refresh) {
  const select = h('select', {}, h('option', { value: '' }, 'All connections'));
  store.addEventListener('connections', () => {
    const [key, name] = [...store.connections].at(-1);
    select.append(h('option', { value: key }, name));
    if (select.options.length > 100) select.options[1].remove();
  });
  select.onchange = () => {
    filter.connection = select.value;
    refresh();
  };
  return h('label', {}, h('span.unseen', {}, 'Connection'), select);
}

function directionFilter(filter, refresh) {
  const options = [
    ['', 'Both directions'],
    ['client', '→ from the client'],
    ['server', '← from the server'],
  ];
  const select = h('select', {}, ...options.map(([value, words]) => h('option', { value }, words)));
  select.onchange = () => {
    filter.from = select.value;
    refresh();
  };
  return h('label', {}, h('span.unseen', {}, 'Direction'), select);
}

function kindFilter(filter, refresh) {
  const boxes = Object.entries(kinds).map(([name, [words]]) => {
    const box = h('input', { type: 'checkbox', checked: true });
    box.onchange = () => {
      if (box.checked) filter.off.delete(name);
      else filter.off.add(name);
      refresh();
    };
    return h('label.kind', {}, box, words);
  });
  return h('span.kinds', { role: 'group', 'aria-label': 'Kinds' }, ...boxes);
}

function tools(entry) {
  if (entry.bytes === undefined) return '';
  const copy = h('button.small', { type: 'button' }, 'Copy as hex');
  copy.onclick = async () => {
    try {
      await navigator.clipboard.writeText(hexOf(entry.bytes));
      copy.textContent = 'Copied';
    } catch {
      copy.textContent = 'This browser does not let pages copy';
    }
  };
  const dump = h('button.small', { type: 'button' }, 'Hex dump');
  dump.onclick = () => download('frame.txt', 'text/plain', hexDump(entry.bytes));
  return h('div.detail-tools', {}, copy, dump);
}

/** As text2pcap and Wireshark's "Import from Hex Dump" read it. */
function hexDump(bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length; at += 16) {
    lines.push(`${at.toString(16).padStart(6, '0')}  ${hexOf(bytes.subarray(at, at + 16))}`);
  }
  return `${lines.join('\n')}\n`;
}

function exported(entries) {
  const plain = (key, value) => {
    if (value instanceof Uint8Array) return { base64: toBase64(value) };
    return ['message', 'chunks', 'layers', 'packets', 'request', 'content', 'n'].includes(key) &&
      key !== 'request'
      ? undefined
      : value;
  };
  return JSON.stringify(entries, plain, 1);
}

function download(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  h('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
