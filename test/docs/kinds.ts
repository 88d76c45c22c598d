// The kinds of marks, and which of them make a block checked: a new kind needs a line here and a test that looks at it.

/** By the test that looks at them. */
export const checks = {
  'bytes.test.ts': [
    'vector',
    'request',
    'response',
    'offer',
    'answer',
    'accept',
    'bits',
    'unmask',
    'utf8 errors',
  ],
  'tables.test.ts': ['refusals', 'opcodes', 'errors', 'close codes', 'defaults'],
  'packets.test.ts': ['packets', 'body'],
  'sessions.test.ts': [
    'packet types',
    'open packet',
    'engine refusals',
    'session ends',
    'upgrade failures',
    'heartbeat costs',
  ],
  'events.test.ts': ['socket packets', 'pieces', 'json facts', 'packet errors', 'reserved events'],
  'rooms.test.ts': ['selections', 'connect rules'],
  'broadcast.test.ts': ['traffic'],
  'reconnection.test.ts': ['delays', 'storms', 'reasons'],
  'security.test.ts': ['on by default'],
  'measured.test.ts': ['measured'],
  'sources.test.ts': ['excerpt', 'tested'],
  'replay.test.ts': ['run', 'server', 'file', 'replay', 'output'],
  // `<!-- unchecked: the reason -->`, for what no program can check.
  'marks.test.ts': ['unchecked'],
};

/** Marks that say something else about a block. */
const remarks = ['panel'];

export const checkingKinds: readonly string[] = Object.values(checks).flat();
export const kinds: readonly string[] = [...checkingKinds, ...remarks];

/** Languages that are compiled, with no mark needed. */
export const isCode = (language: string) => /^(js|mjs|cjs|javascript|ts|mts|typescript)$/.test(language);
