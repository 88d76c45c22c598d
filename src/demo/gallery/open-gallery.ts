// Opens the gallery: the namespaces of its pages on the hub; requests for their code, and for Yjs, come in and files go out.
import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { requestPath, sendText, staticFiles } from '../../http/static-files.ts';
import type { Server } from '../../index.ts';
import type { OpenPart } from '../site.ts';
import { openNotes } from './notes.ts';
import { openSensors } from './sensors.ts';
import { openText } from './text.ts';
import { openTicker } from './ticker.ts';
import { openTogether } from './together.ts';

const pages = new Map<string, (io: Server) => () => void>([
  ['ticker', openTicker],
  ['together', openTogether],
  ['text', openText],
  ['sensors', openSensors],
  ['notes', openNotes],
]);

/** Where `npm run build:gallery` leaves Yjs: in the package beside this folder's parent, in the repository in dist/. */
function builtGallery(): string {
  const above = path.join(import.meta.dirname, '../..');
  return path.join(above, path.basename(above) === 'src' ? '../dist/gallery' : 'gallery');
}

export const openGallery: OpenPart = ({ io, gallery = builtGallery() }) => {
  const closers = [...pages.values()].map((open) => open(io));
  const serveBuilt = staticFiles(gallery, '/gallery');
  return {
    answer(request: IncomingMessage, response: ServerResponse): boolean {
      const where = requestPath(request);
      const [, page = ''] = /^\/gallery\/(\w+)\/server\.txt$/.exec(where) ?? [];
      if (pages.has(page)) sendText(response, 200, sourceOf(page));
      else if (/^\/gallery(\/\w+)?$/.test(where))
        sendText(response, 308, `This page is at ${where}/`, { Location: `${where}/` });
      else if (/^\/gallery\/yjs\.(js|LICENSE\.txt)$/.test(where)) serveBuilt(request, response);
      else return false;
      return true;
    },
    close() {
      for (const close of closers) close();
    },
  };
};

/** What the server does for a page, to be read: as it was written, or as it was compiled. */
function sourceOf(page: string): string {
  const file = path.join(import.meta.dirname, page);
  return readFileSync(existsSync(`${file}.ts`) ? `${file}.ts` : `${file}.js`, 'utf8').trimEnd();
}
