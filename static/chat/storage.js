// Remembers what the visitor typed and who they are: there again when the tab is reloaded, and gone with it.

const BIRDS = [
  'Finch',
  'Heron',
  'Kestrel',
  'Lark',
  'Magpie',
  'Martin',
  'Plover',
  'Robin',
  'Starling',
  'Swallow',
  'Swift',
  'Wren',
];

/** Keeps a value for this tab. In a browser that stores nothing for this page, it is kept until reload. */
export function store(key, value) {
  try {
    sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // The page works as well without memory.
  }
}

/**
 * What was stored, or the lobby, an empty draft and the name of some bird: it is birds that meet on a wire. The key is a
 * secret by which the server knows the same person again.
 */
export function reopened() {
  const me = {
    name:
      text('name') ??
      `${BIRDS[Math.floor(Math.random() * BIRDS.length)]} ${Math.floor(10 + Math.random() * 90)}`,
    key: text('key') ?? randomHex(16),
    rooms: rooms() ?? ['lobby'],
    draft: text('draft') ?? '',
  };
  for (const [key, value] of Object.entries(me)) store(key, value);
  return me;
}

export function randomHex(bytes) {
  return [...crypto.getRandomValues(new Uint8Array(bytes))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}

function text(key) {
  const value = read(key);
  return typeof value === 'string' ? value : undefined;
}

function rooms() {
  const value = read('rooms');
  return Array.isArray(value) && value.length > 0 ? value.map(String) : undefined;
}

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return undefined;
  }
}
