// The whole of Purser in this process, and people who sit before it: the example team, all five
// sandboxes over HTTP, the built page in a real Chromium. Only time belongs to the test.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import type { Log } from '../../src/log.ts';
import { providerModules } from '../../src/providers/registry.ts';
import type { RunningSandbox } from '../../src/providers/sandbox.ts';
import { type RunningPurser, startPurser } from '../../src/purser.ts';
import { launchBrowser } from '../browser.ts';
import { createFakeClock, createRecordingLog, type FakeClock } from '../support.ts';
import { createWindows, send, type Windows } from './window.ts';

const pathOf = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export interface Stories {
  readonly clock: FakeClock;
  /** The windows of these people, all of them looking at #approvals. */
  open<Person extends string>(...people: Person[]): Promise<Record<Person, Page>>;
  sandbox(provider: string): RunningSandbox;
  /** What the provider says of every order of this amount that it has on its books. */
  orders(provider: string, amount: string): string[];
}

/** One browser and one Purser for the stories of a file: each story has an amount of its own. */
export function setStories(): Stories {
  const clock = createFakeClock();
  const log = createRecordingLog();
  let started: { browser: Browser; purser: RunningPurser; windows: Windows } | undefined;
  const get = () => {
    if (started === undefined) throw new Error('nothing runs before the tests');
    return started;
  };
  beforeAll(async () => {
    const [browser, purser] = await Promise.all([launchBrowser(), startExample(clock, log)]);
    started = { browser, purser, windows: createWindows(browser, () => purser.url ?? '') };
  });
  afterEach(async () => {
    for (const sandbox of get().purser.sandboxes) sandbox.clearFaults();
    await get().windows.close();
    expect(log.lines.splice(0).filter(({ level }) => level === 'error')).toEqual([]);
  });
  afterAll(async () => {
    await started?.purser.stop();
    await started?.browser.close();
  });
  const sandbox = (provider: string) => {
    const found = get().purser.sandboxes.find(({ id }) => id === provider);
    if (found === undefined) throw new Error(`no sandbox of ${provider}`);
    return found;
  };
  return {
    clock,
    sandbox,
    async open<Person extends string>(...people: Person[]) {
      const opened = people.map(async (person): Promise<[Person, Page]> => {
        // Without movement: painting it is most of the work that a machine without a screen has.
        const page = await get().windows.open(person, { reducedMotion: 'reduce' });
        await go(page, 'approvals');
        return [person, page];
      });
      return Object.fromEntries(await Promise.all(opened)) as Record<Person, Page>;
    },
    orders: (provider, wanted) =>
      sandbox(provider)
        .books()
        .filter(({ amount, currency }) => `${amount} ${currency}` === wanted)
        .map(({ status }) => status),
  };
}

async function startExample(clock: FakeClock, log: Log): Promise<RunningPurser> {
  const exampleTeamFile = pathOf('team.example.yaml');
  const config = loadConfig({
    environment: { PLAYGROUND_PORT: '0' },
    // No other file: whatever lies beside the sources is not the test's.
    readFile: (path) => (path === exampleTeamFile ? readFileSync(path, 'utf8') : undefined),
    exampleTeamFile,
    modules: providerModules,
  });
  return await startPurser(config, {
    clock,
    openLog: () => log,
    modules: providerModules,
    assetsDir: pathOf('dist/bots/playground/page'),
    tickMs: 50,
  });
}

/** To another channel, as a person goes there. */
export async function go(page: Page, channel: string): Promise<void> {
  await page.getByRole('link', { name: new RegExp(`^${channel}`) }).click();
  await page.getByRole('log', { name: `Messages in ${channel}` }).waitFor();
}

const privately = 'Only you can see this';

/** The newest card of this title that everybody sees. */
export function posted(page: Page, title: string): Locator {
  return cardIn(page.getByRole('article').filter({ hasNotText: privately }), title);
}

/** The newest card of this title that this person alone sees. */
export function told(page: Page, title: string): Locator {
  return cardIn(page.getByRole('article').filter({ hasText: privately }), title);
}

function cardIn(articles: Locator, name: string): Locator {
  return articles.getByRole('region', { name, exact: true }).last();
}

/** Waits until the card says all of this. */
export async function says(card: Locator, ...texts: string[]): Promise<void> {
  for (const text of texts) {
    // As an expression, because Playwright takes a text for the same in capital letters.
    const hasText = new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
    await card
      .filter({ hasText })
      .waitFor()
      .catch(async (cause: unknown) => {
        const said = (await card.allInnerTexts()).join() || 'nothing: it is not there';
        throw new Error(`The card does not say “${text}”. It says ${said}`, { cause });
      });
  }
}

/** One of its buttons, and yes where it asks once more. */
export async function press(card: Locator, name: string, yes?: string): Promise<void> {
  await card.getByRole('button', { name, exact: true }).click();
  if (yes === undefined) return;
  const dialog = card.page().getByRole('dialog');
  await dialog.getByRole('button', { name: yes, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

/** A field of its form, by what stands before it. */
export function field(card: Locator, label: string): Locator {
  return card.getByLabel(new RegExp(`^${label}`));
}

/** Types a request and sends it on from its preview, as far as the posted card. */
export async function request(page: Page, line: string, title: string): Promise<Locator> {
  await send(page, line);
  await press(told(page, `Ask for ${title}?`), 'Ask for approval');
  const card = posted(page, title);
  await says(card, 'Waiting for approval.');
  return card;
}

/** Agrees to the posted payout; `said` is what this person is told. */
export async function approve(page: Page, title: string, said = 'You agreed.'): Promise<void> {
  await press(posted(page, title), 'Approve', 'Approve');
  await says(told(page, title), said);
}
