// Remembers what the visitor typed: a name and a draft come in and are there again when the tab is reloaded.

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
    sessionStorage.setItem(key, value);
  } catch {
    // The page works as well without memory.
  }
}

/** What was stored, or an empty draft and the name of some bird: it is birds that meet on a wire. */
export function reopened() {
  const name =
    read('name') ??
    `${BIRDS[Math.floor(Math.random() * BIRDS.length)]} ${Math.floor(10 + Math.random() * 90)}`;
  store('name', name);
  return { name, draft: read('draft') ?? '' };
}

function read(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}
