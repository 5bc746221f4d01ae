// The web app in Chromium against a running product: every page in both schemes and at both widths, and the paths a
// person takes: sees a sale appear, creates a network and finds it, moves by keyboard, queries in GraphiQL.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  launch,
  obstacle,
  openPage,
  query,
  settled,
  signIn,
  type View,
  violations,
  type WatchedPage,
} from './testing/browser.ts';

const reason = obstacle();
if (reason) console.warn(`Browser tests skipped: ${reason}.`);

const shots = fileURLToPath(new URL('../dist/screenshots/', import.meta.url));
const views: readonly View[] = [
  { scheme: 'light', size: 'wide' },
  { scheme: 'dark', size: 'wide' },
  { scheme: 'light', size: 'narrow' },
  { scheme: 'dark', size: 'narrow' },
];

/** GraphiQL's own parts (Monaco above all) are not ours to mend. */
const FOREIGN = ['.graphiql-container'];

describe.skipIf(reason !== null)('the web app', () => {
  let browser: Browser;
  const paths: Record<string, string> = {};

  beforeAll(async () => {
    mkdirSync(shots, { recursive: true });
    browser = await launch();
    // Busy examples make the better pictures.
    const { networks, agents } = await query<{
      networks: { id: string; owner: string }[];
      agents: { id: string }[];
    }>(`{
      networks(first: 1, orderBy: memberCount, orderDirection: desc) { id owner }
      agents(first: 1, orderBy: saleCount, orderDirection: desc) { id }
    }`);
    Object.assign(paths, {
      home: '/',
      directory: '/directory',
      network: `/networks/${networks[0]?.id}`,
      agent: `/agents/${agents[0]?.id}`,
      account: `/accounts/${networks[0]?.owner}`,
      market: '/market',
      sales: '/market?view=sales',
      agents: '/market?view=agents',
      status: '/status',
      create: '/networks/new',
      studio: '/studio',
      template: '/studio/templates/dynamic-pricing',
      'agent-studio': `/agents/${agents[0]?.id}/studio`,
      prover: '/prover',
      path: '/path',
      graphiql: '/graphiql',
      missing: '/no/such/page',
    });
  });

  afterAll(async () => browser?.close());

  const names = [
    'home',
    'directory',
    'network',
    'agent',
    'account',
    'market',
    'sales',
    'agents',
    'status',
    'create',
    'studio',
    'template',
    'agent-studio',
    'prover',
    'path',
    'graphiql',
    'missing',
  ];
  describe.each(views)('opens, $scheme and $size,', (view) => {
    let watched: WatchedPage;
    beforeAll(async () => {
      watched = await openPage(browser, view);
    });
    afterAll(async () => watched?.page.context().close());

    it.each(names)('%s without a fault', async (name) => {
      const { page } = watched;
      const before = watched.problems.length;
      await page.goto(paths[name] ?? '/');
      await settled(page);
      if (name === 'graphiql') await page.locator('.graphiql-container .view-lines').first().waitFor();
      await page.screenshot({ path: `${shots}${name}-${view.scheme}-${view.size}.png` });
      expect(await violations(page, FOREIGN)).toEqual([]);
      const measured = await page.evaluate(() => ({
        overflow: document.documentElement.scrollWidth - window.innerWidth,
        shift: (window as unknown as { layoutShift: number }).layoutShift,
      }));
      expect(measured.overflow).toBeLessThanOrEqual(0);
      expect(measured.shift).toBeLessThan(0.05);
      expect(watched.problems.slice(before)).toEqual([]);
    });
  });

  it('shows a sale in another window the moment it is made', async () => {
    const watcher = await openPage(browser, { scheme: 'light', size: 'wide' });
    const buyer = await openPage(browser, { scheme: 'light', size: 'wide' });
    await watcher.page.goto('/');
    await settled(watcher.page);
    const known = await watcher.page
      .locator('tr[data-sale]')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-sale')));

    await buyer.page.goto('/market?order=cheapest');
    await settled(buyer.page);
    await signIn(buyer.page);
    await buyer.page
      .getByRole('button', { name: /^Buy licence/ })
      .first()
      .click();
    const dialog = buyer.page.getByRole('dialog');
    // Whoever sells does not buy: the second account of the devnet, or the first, is somebody else.
    const seller = (await dialog.locator('.hash a').first().getAttribute('title')) ?? '';
    const other = await dialog
      .getByLabel('From')
      .locator('option')
      .evaluateAll(
        (options, own) => options.map((one) => (one as HTMLOptionElement).value).find((one) => one !== own),
        seller,
      );
    if (other) await dialog.getByLabel('From').selectOption(other);
    await dialog.getByRole('button', { name: /^Buy for/ }).click();

    const fresh = watcher.page.locator('tr[data-sale].row-new').first();
    await fresh.waitFor({ timeout: 60_000 });
    expect(known).not.toContain(await fresh.getAttribute('data-sale'));
    await dialog.waitFor({ state: 'detached', timeout: 60_000 });
    expect([...watcher.problems, ...buyer.problems]).toEqual([]);
    await watcher.page.context().close();
    await buyer.page.context().close();
  });

  it('creates a network by clicking and finds it in the directory', async () => {
    const { page, problems } = await openPage(browser, { scheme: 'light', size: 'wide' });
    const name = `Northern Ferry Guild ${Date.now().toString(36)}`;
    await page.goto('/');
    await settled(page);
    await page.getByRole('link', { name: 'Create a network' }).click();
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.locator('main').getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('dialog', { name: 'Sign in' }).waitFor();
    await page.screenshot({ path: `${shots}sign-in-light-wide.png` });
    await page.getByRole('button', { name: 'Create a key and sign in' }).click();
    // What was typed survives signing in.
    await page.getByRole('button', { name: 'Create network' }).click();
    await page.getByRole('heading', { level: 1, name }).waitFor({ timeout: 60_000 });
    expect(new URL(page.url()).pathname).toMatch(/^\/networks\/\d+$/);

    await page.keyboard.press('/');
    await page.keyboard.type(name);
    await page.keyboard.press('Enter');
    // The search index follows the change feed: asked again until it has caught up.
    const found = page.locator('.results').getByRole('link', { name });
    await expect
      .poll(
        async () => {
          if (await found.count()) return true;
          await page.reload();
          await settled(page);
          return (await found.count()) > 0;
        },
        { timeout: 60_000, interval: 1000 },
      )
      .toBe(true);
    await page.screenshot({ path: `${shots}found-light-wide.png` });
    await found.first().click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('is used by keyboard: search, list of keys, rows, visible focus', async () => {
    const { page, problems } = await openPage(browser, { scheme: 'dark', size: 'wide' });
    await page.goto('/');
    await settled(page);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content');
    await page.keyboard.press('/');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('search');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await page.screenshot({ path: `${shots}keys-dark-wide.png` });
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('j');
    const outline = await page.evaluate(() => {
      const element = document.activeElement;
      return element ? getComputedStyle(element, '::after').outlineStyle : 'none';
    });
    expect(outline).toBe('solid');
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.waitForURL('**/status');
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('keeps search, filters and page in the URL', async () => {
    const { page } = await openPage(browser, { scheme: 'light', size: 'wide' });
    await page.goto('/directory');
    await settled(page);
    await page.getByRole('checkbox', { name: /Public/ }).check();
    await page.waitForURL(/visibility=PUBLIC/);
    const first = await page.locator('.result .row-link').first().textContent();
    const next = page.getByRole('link', { name: 'Next page' });
    if (await next.count()) {
      await next.click();
      await page.waitForURL(/after=/);
      await page.reload();
      await settled(page);
      expect(await page.getByRole('checkbox', { name: /Public/ }).isChecked()).toBe(true);
      await page.getByRole('link', { name: 'Previous page' }).click();
      await expect.poll(() => page.locator('.result .row-link').first().textContent()).toBe(first);
    }
    await page.context().close();
  });

  it('answers a query in GraphiQL without any other host', async () => {
    const { page, problems } = await openPage(browser, { scheme: 'light', size: 'wide' });
    await page.goto('/graphiql');
    await page.locator('.graphiql-container .view-lines').first().waitFor();
    await page.getByRole('button', { name: /Execute query/i }).click();
    await expect
      .poll(() => page.locator('.graphiql-response').textContent(), { timeout: 30_000 })
      .toMatch(/"?networks"?/);
    await page.screenshot({ path: `${shots}graphiql-answer-light-wide.png` });
    expect(problems).toEqual([]);
    await page.context().close();
  });
});
