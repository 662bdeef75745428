// Windows of the playground in a real Chromium. Whatever the browser complains about (errors,
// refusals of the content security policy) fails the test that caused it.
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { type Playground, startPlayground } from '../bots/playground-support.ts';
import { launchBrowser } from '../browser.ts';

export interface Windows {
  open(as: string, options?: BrowserContextOptions): Promise<Page>;
  /** The complaints so far, which then no longer count. */
  takeComplaints(): string[];
  /** Closes all; fails where a browser complained. */
  close(): Promise<void>;
}

const desktop: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, locale: 'en-GB' };

export function createWindows(browser: Browser, urlOf: () => string): Windows {
  const complaints: string[] = [];
  const pages: Page[] = [];
  return {
    async open(as, options = {}) {
      const context = await browser.newContext({ ...desktop, ...options });
      const page = await context.newPage();
      pages.push(page);
      page.setDefaultTimeout(10_000);
      page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') {
          complaints.push(`console: ${message.text()}`);
        }
      });
      await page.goto(`${urlOf()}/?as=${as}`);
      await page.locator('#line').waitFor();
      return page;
    },
    takeComplaints: () => complaints.splice(0),
    async close() {
      for (const page of pages.splice(0)) await page.context().close();
      expect(complaints.splice(0)).toEqual([]);
    },
  };
}

/** Sends a line as a person does who does not want completions. */
export async function send(page: Page, line: string): Promise<void> {
  await page.locator('#line').fill(line);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
}

export interface Stage {
  readonly windows: Windows;
  readonly playground: Playground;
}

/** One browser for the tests of a file, one playground for each of them. */
export function setStage(): Stage {
  let browser: Browser | undefined;
  let windows: Windows | undefined;
  let playground: Playground | undefined;
  const stage = {
    get windows() {
      if (windows === undefined) throw new Error('no windows before the tests');
      return windows;
    },
    get playground() {
      if (playground === undefined) throw new Error('no playground before the tests');
      return playground;
    },
  };
  beforeAll(async () => {
    browser = await launchBrowser();
    windows = createWindows(browser, () => stage.playground.url);
  });
  beforeEach(async () => {
    playground = await startPlayground();
  });
  afterEach(async () => {
    await stage.windows.close();
    await stage.playground.bot.stop();
  });
  afterAll(async () => {
    await browser?.close();
  });
  return stage;
}

export function card(page: Page, title: string) {
  return page.getByRole('region', { name: title, exact: true });
}

export function button(page: Page, name: string) {
  return page.getByRole('button', { name, exact: true });
}

/** Waits until the keyboard is at what has this label, id or text. */
export async function untilFocused(page: Page, what: string): Promise<void> {
  const focused = `(() => {
    const element = document.activeElement;
    return element.labels?.[0]?.innerText ?? (element.id || element.textContent.trim());
  })()`;
  await expect.poll(() => page.evaluate(focused)).toBe(what);
}
