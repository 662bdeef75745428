// Reads a picture back: a test looks at what was drawn, not at how.
import { createCanvas, loadImage } from '@napi-rs/canvas';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** `#1e222b` */
  at(x: number, y: number): string;
  /** Columns that have this very colour somewhere, from left to right. */
  columnsWith(colour: string, from?: number): number[];
}

export async function readPixels(png: Uint8Array): Promise<Pixels> {
  const image = await loadImage(Buffer.from(png));
  const { width, height } = image;
  const context = createCanvas(width, height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const at = (x: number, y: number) => {
    const start = (y * width + x) * 4;
    return `#${Buffer.from(data.subarray(start, start + 3)).toString('hex')}`;
  };
  return {
    width,
    height,
    at,
    columnsWith(colour, from = 0) {
      const columns: number[] = [];
      for (let x = from; x < width; x += 1) {
        for (let y = 0; y < height; y += 1) {
          if (at(x, y) !== colour) continue;
          columns.push(x);
          break;
        }
      }
      return columns;
    },
  };
}

/** How wide the widest hole between neighbours is. */
export function widestHole(columns: readonly number[]): number {
  return Math.max(0, ...columns.slice(1).map((x, index) => x - (columns[index] ?? x) - 1));
}
