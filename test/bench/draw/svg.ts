// What all drawings of the benchmark share: an SVG that suits light and dark pages, and text that is safe in it.

const style = `
text{font:12px system-ui,sans-serif;fill:#1f2328}
.title{font-weight:600}.quiet{fill:#59636e}.axis{stroke:#59636e;stroke-opacity:.35}
.base{stroke:#59636e;stroke-width:1.5}
.a{fill:#0969da;stroke:#0969da}.b{fill:#bc4c00;stroke:#bc4c00}.c{fill:#8250df;stroke:#8250df}
.line.line{fill:none;stroke-width:2}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.quiet{fill:#9198a1}
.a{fill:#4493f8;stroke:#4493f8}.b{fill:#f0883e;stroke:#f0883e}.c{fill:#ab7df8;stroke:#ab7df8}}`;

export function drawing(width: number, height: number, title: string, content: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title><style>${style}</style>`,
    ...content,
    '</svg>\n',
  ].join('\n');
}

export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

export function label(x: number, y: number, text: string, options = ''): string {
  return `<text x="${round(x)}" y="${round(y)}" ${options}>${escaped(text)}</text>`;
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
