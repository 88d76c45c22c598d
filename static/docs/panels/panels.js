// Brings the live panels of a chapter to life: each place for one in the page in, the module of its name called with it.
const names = [];

for (const place of document.querySelectorAll('[data-panel]')) {
  if (!names.includes(place.dataset.panel)) continue;
  import(`./${place.dataset.panel}.js`).then(({ open }) => {
    open(place);
    place.hidden = false;
  });
}
