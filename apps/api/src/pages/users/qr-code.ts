/** A QR code as a path of SVG. */
export interface QrCode {
  /** Width and height in modules, with the border. */
  size: number;
  path: string;
}

/** Draws a text as a QR code: each run of dark modules in a row is a rectangle. */
export async function qrCodeOf(text: string): Promise<QrCode> {
  const { encode } = await import('uqr');
  const { data, size } = encode(text);
  const path = data.map((row, y) =>
    runsOf(row)
      .map(({ x, width }) => `M${x} ${y}h${width}v1h-${width}z`)
      .join(''),
  );
  return { size, path: path.join('') };
}

function runsOf(row: readonly boolean[]): { x: number; width: number }[] {
  const runs: { x: number; width: number }[] = [];
  row.forEach((isDark, x) => {
    const last = runs.at(-1);
    if (!isDark) return;
    if (last && last.x + last.width === x) last.width += 1;
    else runs.push({ x, width: 1 });
  });
  return runs;
}
