// Serves the docs as pages below /docs/: requests for them come in; pages that `npm run build:docs` has made go out.
import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { requestPath, sendText, staticFiles } from '../http/static-files.ts';
import type { OpenPart } from './site.ts';

/** In the package they are beside this folder; in the repository they are where the build puts them. */
function builtDocs(): string {
  const above = fileURLToPath(new URL('../', import.meta.url));
  return path.join(above, path.basename(above) === 'src' ? '../dist/docs' : 'docs');
}

/** Styles and scripts are not built: they are with those of the other pages. */
const notBuilt = /\.(css|js|json)$/;

export const openDocs: OpenPart = ({ docs = builtDocs() }) => {
  const serve = staticFiles(docs, '/docs');
  return {
    answer(request: IncomingMessage, response: ServerResponse): boolean {
      const where = requestPath(request);
      if (where !== '/docs' && (!where.startsWith('/docs/') || notBuilt.test(where))) return false;
      const canonical = addressOf(where);
      if (canonical !== where) {
        sendText(response, 308, `This page is at ${canonical}`, { Location: canonical });
      } else if (!existsSync(path.join(docs, 'index.html'))) {
        sendText(response, 503, 'The docs are not built yet. Run: npm run build:docs');
      } else {
        serve(request, response);
      }
      return true;
    },
  };
};

/** Pages are folders; who leaves out the slash at the end, or writes the name of the file, is sent there. */
function addressOf(where: string): string {
  const isPlain = /^[\w./-]+$/.test(where);
  if (!isPlain || where.endsWith('/') || /\.(png|svg|gif|webp)$/.test(where)) return where;
  return `${where.replace(/(\/README|\/index)?(\.md|\.html)?$/, '')}/`;
}
