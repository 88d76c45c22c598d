// Where a file of the repository is found on the site: paths in, addresses out.
import path from 'node:path';

/** Pages have their name as a folder, so that their address has no ending: docs/03-frames.md is /docs/03-frames/. */
export function addressOf(file: string): string {
  const inDocs = file.replace(/^docs\//, '');
  if (file === 'README.md') return '/docs/about/';
  if (inDocs === 'README.md' || inDocs.endsWith('/README.md'))
    return `/docs/${inDocs.slice(0, -'README.md'.length)}`;
  return `/docs/${inDocs.replace(/\.md$/, '')}/`;
}

/** Whether a link leaves the repository. */
export const isElsewhere = (target: string) => /^[a-z]+:/.test(target) || target.startsWith('/');

/** What the demo serves is linked by the address it has on one's own machine; pages of the demo are already there. */
export const ofTheDemo = (target: string) => target.replace(/^http:\/\/localhost:3000(?=\/)/, '');

/** The file and the anchor that a link in another file means. */
export function targetOf(from: string, link: string): { file: string; anchor: string } {
  const [to = '', anchor = ''] = link.split('#');
  const file = to === '' ? from : path.posix.join(path.posix.dirname(from), decodeURI(to)).replace(/\/$/, '');
  return { file, anchor };
}
