import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { launchBrowser } from './browser.ts';

const STYLE = `
  :root { color-scheme: light dark; }
  body { margin: 16px; font: 24px sans-serif; background: #fff; color: #111; }
  @media (prefers-color-scheme: dark) { body { background: #111; color: #eee; } }
`;

const page = (text: string) =>
  `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
  `<title>Purser</title><style>${STYLE}</style><p id="text">${text}</p>`;

describe('the browser for tests', () => {
  const server = createServer((request, response) => {
    const text = request.url === '/text' ? 'Approve payout 1,250.00 EUR' : '';
    response.setHeader('content-type', 'text/html; charset=utf-8').end(page(text));
  });
  let browser: Browser;
  let origin: string;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await launchBrowser();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    server.closeAllConnections();
    server.close();
  });

  test('opens a loopback page and runs script in it', async () => {
    const tab = await browser.newPage();
    await tab.goto(`${origin}/text`);
    expect(await tab.title()).toBe('Purser');
    expect(await tab.evaluate('document.querySelector("#text").textContent')).toBe(
      'Approve payout 1,250.00 EUR',
    );
    await tab.close();
  });

  test('draws text, in a proportional font', async () => {
    const tab = await browser.newPage();
    await tab.goto(`${origin}/`);
    const blank = await tab.screenshot();
    await tab.goto(`${origin}/text`);
    expect((await tab.screenshot()).equals(blank)).toBe(false);

    // Missing glyphs are boxes of one width, and so are the letters of a monospaced font.
    const widths = await tab.evaluate(`['iiii', 'nnnn', 'MMMM'].map((text) => {
      const context = document.createElement('canvas').getContext('2d');
      context.font = '24px sans-serif';
      return context.measureText(text).width;
    })`);
    const [i, n, m] = widths as [number, number, number];
    expect(i).toBeGreaterThan(0);
    expect(n).toBeGreaterThan(i);
    expect(m).toBeGreaterThan(n);
    await tab.close();
  });

  test('follows the colour scheme and a phone viewport', async () => {
    const tab = await browser.newPage({
      viewport: { width: 390, height: 844 },
      deviceScaleFactor: 2,
      isMobile: true,
      hasTouch: true,
    });
    await tab.goto(`${origin}/text`);
    const background = 'getComputedStyle(document.body).backgroundColor';
    expect(await tab.evaluate('innerWidth')).toBe(390);
    expect(await tab.evaluate(background)).toBe('rgb(255, 255, 255)');
    const light = await tab.screenshot();
    await tab.emulateMedia({ colorScheme: 'dark' });
    expect(await tab.evaluate(background)).toBe('rgb(17, 17, 17)');
    const dark = await tab.screenshot();
    expect(dark.equals(light)).toBe(false);
    expect([dark.readUInt32BE(16), dark.readUInt32BE(20)]).toEqual([780, 1688]); // PNG's IHDR
    await tab.close();
  });

  test('says what to do when it cannot start', async () => {
    vi.stubEnv('PURSER_CHROMIUM', '/nonexistent/chromium');
    try {
      await expect(launchBrowser()).rejects.toThrow(
        /\/nonexistent\/chromium did not start.*apt-get install chromium.*PURSER_CHROMIUM/,
      );
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
