// The secret by which this browser's connections are known to its own inspector: the same for all pages of this site.

const name = 'wirehub.wire';

/** 32 hex digits, made at random once. Connections carry it in their query, as `wire`; the inspector watches for it. */
export function wireToken() {
  const kept = read();
  if (/^[0-9a-f]{32}$/.test(kept ?? '')) return kept;
  const token = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
  try {
    localStorage.setItem(name, token);
  } catch {
    // Without storage each page has a secret of its own, and sees what is its own.
  }
  return token;
}

function read() {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}
