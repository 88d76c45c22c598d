// Draws lines on a canvas in the colours of the theme; each frame anew, or each second where less motion is wanted.

const calm = matchMedia('(prefers-reduced-motion: reduce)');

/** As the keys in gallery.css: told apart by more than colour. */
const styles = [
  { colour: '--copper', dash: [], width: 2 },
  { colour: '--ink', dash: [6, 4], width: 1.5 },
  { colour: '--faint', dash: [2, 3], width: 1.5 },
  { colour: '--ink', dash: [], width: 3 },
];

export const keys = ['k0', 'k1', 'k2', 'k3'];

export class Chart {
  #canvas;
  #length;
  #range;
  #lines = [];
  #waiting = false;

  /** @param length points of a line; @param range from the lowest to the highest value, or none to fit what there is */
  constructor(canvas, length, range) {
    this.#canvas = canvas;
    this.#length = length;
    this.#range = range;
    new ResizeObserver(() => this.#ask()).observe(canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#ask());
  }

  /** Lists of numbers, of which the last is now; NaN is a gap. */
  show(lines) {
    this.#lines = lines;
    this.#ask();
  }

  #ask() {
    if (this.#waiting) return;
    this.#waiting = true;
    const draw = () => {
      this.#waiting = false;
      this.#draw();
    };
    if (calm.matches) setTimeout(draw, 1000);
    else requestAnimationFrame(draw);
  }

  #draw() {
    const canvas = this.#canvas;
    const scale = devicePixelRatio;
    const { clientWidth: width, clientHeight: height } = canvas;
    if (canvas.width !== width * scale) canvas.width = width * scale;
    if (canvas.height !== height * scale) canvas.height = height * scale;
    const colours = getComputedStyle(canvas);
    const context = canvas.getContext('2d');
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);

    const [low, high] = this.#range ?? bounds(this.#lines);
    const y = (value) => height - 8 - ((value - low) / (high - low || 1)) * (height - 16);
    context.font = `11px ${colours.getPropertyValue('--mono')}`;
    context.fillStyle = colours.getPropertyValue('--faint');
    context.strokeStyle = colours.getPropertyValue('--rule');
    context.lineWidth = 1;
    context.setLineDash([]);
    for (let i = 0; i <= 4; i++) {
      const value = low + ((high - low) * i) / 4;
      context.beginPath();
      context.moveTo(0, y(value));
      context.lineTo(width, y(value));
      context.stroke();
      if (!this.#range) context.fillText(value.toFixed(0), 2, y(value) + (i === 4 ? 12 : -3));
    }
    const step = width / (this.#length - 1);
    this.#lines.forEach((line, at) => {
      const style = styles[at % styles.length];
      context.strokeStyle = colours.getPropertyValue(style.colour);
      context.lineWidth = style.width;
      context.setLineDash(style.dash);
      context.beginPath();
      let drawing = false;
      line.forEach((value, index) => {
        const x = width - (line.length - 1 - index) * step;
        if (drawing) context.lineTo(x, y(value));
        else context.moveTo(x, y(value));
        drawing = !Number.isNaN(value);
      });
      context.stroke();
    });
  }
}

function bounds(lines) {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const line of lines) {
    for (const value of line) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : [0, 1];
}
