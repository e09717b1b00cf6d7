import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';

const QUALITY = 0.9;

/** A part of the page, in its pixels. */
export interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Takes pictures of a page and keeps them small. */
export class Camera {
  readonly #page: Page;
  readonly #folder: string;

  constructor(page: Page, folder: string) {
    this.#page = page;
    this.#folder = folder;
  }

  /** Writes `<name>.webp`. */
  async take(name: string, frame: Frame): Promise<void> {
    await mkdir(path.dirname(path.join(this.#folder, name)), { recursive: true });
    const png = await this.#page.screenshot({ clip: frame, animations: 'disabled' });
    await writeFile(path.join(this.#folder, `${name}.webp`), await this.#toWebp(png));
  }

  /** What holds all of these, with a margin in pixels of the page, and nothing beyond the page. */
  async frameOf(marginPx: number, ...shown: readonly Locator[]): Promise<Frame> {
    const boxes = (await Promise.all(shown.map((one) => one.boundingBox()))).filter((box) => box !== null);
    if (boxes.length === 0) throw new Error('Nothing of what the picture is to show is on the screen.');
    const { width = Infinity, height = Infinity } = this.#page.viewportSize() ?? {};
    const left = Math.max(0, Math.min(...boxes.map((box) => box.x)) - marginPx);
    const top = Math.max(0, Math.min(...boxes.map((box) => box.y)) - marginPx);
    const right = Math.min(width, Math.max(...boxes.map((box) => box.x + box.width)) + marginPx);
    const bottom = Math.min(height, Math.max(...boxes.map((box) => box.y + box.height)) + marginPx);
    return { x: left, y: top, width: right - left, height: bottom - top };
  }

  /** The browser draws the picture again, and writes it in a form that is a fraction of the size. */
  async #toWebp(png: Buffer): Promise<Buffer> {
    const drawing = await this.#page.context().newPage();
    try {
      const url = await drawing.evaluate<string>(`(async () => {
        const image = new Image();
        image.src = 'data:image/png;base64,${png.toString('base64')}';
        await image.decode();
        const canvas = document.createElement('canvas');
        canvas.width = image.width;
        canvas.height = image.height;
        canvas.getContext('2d').drawImage(image, 0, 0);
        return canvas.toDataURL('image/webp', ${QUALITY});
      })()`);
      return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
    } finally {
      await drawing.close();
    }
  }
}
