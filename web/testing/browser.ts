// What the browser tests stand on: Chromium, the product's address, and a page that remembers everything that went wrong.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';

export const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** Why the browser tests cannot run here, or null when they can. Printed, so that a skip is never silent. */
export function obstacle(): string | null {
  if (!existsSync(CHROMIUM)) {
    return `no Chromium at ${CHROMIUM}; install Debian's chromium package, or name one in CHROMIUM_PATH`;
  }
  if (!process.env.AIOS_WEB_URL) return 'no product was started and AIOS_WEB_URL names none';
  return null;
}

/** Address of the running product, without a slash at its end. */
export function productUrl(): string {
  return (process.env.AIOS_WEB_URL ?? '').replace(/\/$/, '');
}

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface View {
  readonly scheme: 'light' | 'dark';
  readonly size: 'wide' | 'narrow';
}

const viewports = { wide: { width: 1360, height: 860 }, narrow: { width: 360, height: 740 } };

export interface WatchedPage {
  readonly page: Page;
  /** Console errors, uncaught exceptions and requests to other hosts, as they happened. */
  problems: string[];
}

/** A page of its own context, so that no test inherits another's session. Requests to other hosts fail and are noted. */
export async function openPage(browser: Browser, view: View): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: viewports[view.size],
    colorScheme: view.scheme,
    baseURL: productUrl(),
  });
  const page = await context.newPage();
  const problems: string[] = [];
  const host = new URL(productUrl()).host;
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`exception: ${error.message}`));
  await context.route(
    (url) => url.host !== host && url.protocol.startsWith('http'),
    (route) => {
      problems.push(`foreign request: ${route.request().url()}`);
      return route.abort();
    },
  );
  // How much the layout has moved without anybody's doing, as browsers measure it.
  await page.addInitScript(() => {
    const state = window as unknown as { layoutShift: number };
    state.layoutShift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
      })[]) {
        if (!entry.hadRecentInput) state.layoutShift += entry.value;
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  return { page, problems };
}

/** Waits until the page shows its data: a heading, and no table or list that is still busy. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor({ state: 'attached' });
  await page.waitForFunction(
    () => !document.querySelector('main [aria-busy="true"]') && !document.querySelector('main .skeleton'),
  );
}

/** Makes a key and signs in with it, from the button in `place`: the page's head, or what asks for it. */
export async function signIn(page: Page, place: Locator = page.locator('header')): Promise<void> {
  await place.getByRole('button', { name: 'Sign in' }).first().click();
  await page.getByRole('button', { name: 'Create a key and sign in' }).click();
  await page.getByRole('button', { name: 'Your session' }).waitFor();
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeViolation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** Serious and critical violations of WCAG 2.2 A and AA, one line each. `exclude` names parts that are not ours. */
export async function violations(page: Page, exclude: readonly string[] = []): Promise<readonly string[]> {
  // Evaluated, not added as a script: the page's content security policy forbids inline scripts, and should.
  await page.evaluate(axeSource);
  const found = await page.evaluate(async (excluded) => {
    const { axe } = window as unknown as {
      axe: { run: (context: object, options: object) => Promise<{ violations: AxeViolation[] }> };
    };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    return (
      await axe.run({ exclude: excluded.map((one) => [one]) }, { runOnly: { type: 'tag', values: tags } })
    ).violations;
  }, exclude);
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
    );
}

/**
 * The page as it is, in both schemes and at both widths: a picture of each beside `name`, no violation, nothing that scrolls sideways.
 * Leaves it wide and light.
 */
export async function shoot(page: Page, name: string): Promise<void> {
  const faults: string[] = [];
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    for (const size of ['wide', 'narrow'] as const) {
      await page.setViewportSize(viewports[size]);
      // A picture of the whole page shows what is fixed where it stands.
      await page.evaluate(() => window.scrollTo(0, 0));
      await page.screenshot({ path: `${name}-${scheme}-${size}.png`, fullPage: true });
      faults.push(...(await violations(page)).map((one) => `${scheme} ${size}: ${one}`));
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (overflow > 0) faults.push(`${scheme} ${size}: scrolls sideways by ${overflow} pixels`);
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(viewports.wide);
  if (faults.length > 0) throw new Error(`${name}:\n${faults.join('\n')}`);
}

/** One query to the product, past the browser. */
export async function query<Data>(text: string): Promise<Data> {
  const response = await fetch(`${productUrl()}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-graphql-csrf': '1' },
    body: JSON.stringify({ query: text }),
  });
  const { data, errors } = (await response.json()) as { data?: Data; errors?: unknown };
  if (!data) throw new Error(`The product answered ${JSON.stringify(errors)}`);
  return data;
}
