// Makes elements whose content is text, whatever the text is.

export const byId = (id) => document.getElementById(id);

/** @param children elements, or texts, which never become markup */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Text of others: right-to-left text, and marks that turn the direction, stay within their own box. */
export function words(tag, className, text) {
  return element(tag, { className, dir: 'auto' }, text);
}

/** The same colour for the same name on every screen. */
export function colored(made, name) {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + character.codePointAt(0)) % 3600;
  made.style.setProperty('--hue', sum / 10);
  return made;
}
