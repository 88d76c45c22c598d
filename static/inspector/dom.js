// Makes elements: a name with classes, properties and children in, an element out. Words from others are text and nothing else.

/** `h('button.quiet', { type: 'button', onclick }, 'words', element, …)`; a property with a hyphen is an attribute. */
export function h(name, properties = {}, ...children) {
  const [tag, ...classes] = name.split('.');
  const element = document.createElement(tag);
  if (classes.length > 0) element.className = classes.join(' ');
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (key === 'data') Object.assign(element.dataset, value);
    else if (key.includes('-') || key === 'role') element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children.filter((child) => child !== undefined && child !== false && child !== ''));
  return element;
}

/** A link that leaves the inspector to stay where it is. */
export function link(href, words) {
  return h('a', { href }, words);
}
