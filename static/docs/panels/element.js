// What the panels are built of: names, properties and children in, elements and hex out.
let fields = 0;

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** A control with its label in front. */
export function labelled(label, control) {
  control.id = `panel-field-${++fields}`;
  return element('p', { className: 'field' }, element('label', { htmlFor: control.id }, label), control);
}

/** A table of which the rows are replaced: `show(rows)` takes texts, of which those in `code` columns are bytes. */
export function table(caption, headings) {
  const body = element('tbody');
  const head = element('tr', {}, ...headings.map((heading) => element('th', { scope: 'col' }, heading)));
  const whole = element('table', {}, element('caption', {}, caption), element('thead', {}, head), body);
  const show = (rows) => {
    body.replaceChildren(
      ...rows.map((row) => element('tr', {}, ...row.map((cell) => element('td', {}, cell)))),
    );
  };
  return { whole, show };
}

export const code = (text) => element('code', {}, text);

export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
