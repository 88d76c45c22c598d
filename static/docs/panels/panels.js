// Brings the live panels of a chapter to life: each place for one in the page in, the module of its name called with it.
for (const place of document.querySelectorAll('[data-panel]')) {
  import(`./${place.dataset.panel}.js`).then(({ open }) => {
    open(place);
    place.hidden = false;
  });
}
