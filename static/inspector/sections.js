// The pieces that details are made of: a title and what stands below it, a layer of a message, and where to read about it.
import { h, link } from './dom.js';
import { chapter, source } from './fields.js';

export function section(title, ...children) {
  return h('section', {}, h('h4', {}, title), ...children);
}

export function about(name, ...code) {
  const { href, words } = chapter(name);
  const links = code
    .map(([file, fn]) => source(file, fn))
    .flatMap((one) => [' · ', link(one.href, one.words)]);
  return h('p.about', {}, 'Read about ', link(href, words), ...links);
}

export function layerView({ title, chapter: name, rows, json }) {
  const list = h(
    'dl.layer',
    {},
    ...rows.flatMap(([key, value]) => [h('dt', {}, key), h('dd', {}, h('code', {}, cutLong(value)))]),
  );
  const value = json !== undefined &&
    json.value !== undefined && [
      h('h5', {}, json.title),
      h('pre', { tabIndex: 0 }, cutLong(JSON.stringify(json.value, null, 2))),
    ];
  return section(title, list, ...(value || []), about(name));
}

export const cutLong = (text) => (text.length > 4000 ? `${text.slice(0, 4000)}…` : text);
