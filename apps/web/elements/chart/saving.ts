import type { EChart } from './drawing';

/** How long a file is kept for a browser that saves it. */
const KEPT_MS = 60_000;

/** Lets the browser save a file. */
function save(url: string, name: string): void {
  const link = document.createElement('a');
  Object.assign(link, { href: url, download: name });
  link.click();
}

export function saveText(text: string, type: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  save(url, name);
  // Some browsers begin to read it later.
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}

const TITLE_HEIGHT = 28;

/** Saves all panels as one picture, with their titles. */
export function savePicture(
  panels: readonly { title: string; chart: EChart }[],
  { background, text }: { background: string; text: string },
  name: string,
): void {
  const ratio = devicePixelRatio;
  const pictures = panels.map(({ title, chart }) => ({
    title,
    canvas: chart.renderToCanvas({ pixelRatio: ratio, backgroundColor: background }),
  }));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(...pictures.map((picture) => picture.canvas.width));
  canvas.height = pictures.reduce((sum, picture) => sum + picture.canvas.height + TITLE_HEIGHT * ratio, 0);
  const context = canvas.getContext('2d');
  if (!context) return;
  context.fillStyle = background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.font = `600 ${14 * ratio}px system-ui, sans-serif`;
  let y = 0;
  for (const picture of pictures) {
    context.fillStyle = text;
    context.fillText(picture.title, 10 * ratio, y + 19 * ratio);
    context.drawImage(picture.canvas, 0, y + TITLE_HEIGHT * ratio);
    y += picture.canvas.height + TITLE_HEIGHT * ratio;
  }
  save(canvas.toDataURL('image/png'), name);
}
