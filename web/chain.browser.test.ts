// The chain's pages in Chromium over a chain that grows: in both schemes and at both widths, by pointer and by keyboard, held still, searched, and
// where there is no chain at all.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, obstacle, openPage, query, settled, shoot, violations } from './testing/browser.ts';

const reason = obstacle();
if (reason) console.warn(`Browser tests skipped: ${reason}.`);
const shots = fileURLToPath(new URL('../dist/screenshots/', import.meta.url));

interface Sample {
  readonly dagBlocks: { id: string; index: number; chainBlock: { id: string } }[];
  readonly dagValidators: { id: string }[];
  readonly dagTransfers: { transaction: string; from: { id: string } }[];
}

describe.skipIf(reason !== null)('the chain', () => {
  let browser: Browser;
  let sample: Sample;

  beforeAll(async () => {
    mkdirSync(shots, { recursive: true });
    browser = await launch();
    const read = () =>
      query<Sample>(`{
        dagBlocks(first: 1, where: { blue: false }, orderBy: sequence, orderDirection: desc) { id index chainBlock { id } }
        dagValidators(first: 1) { id }
        dagTransfers(first: 1, orderBy: timestamp, orderDirection: desc) { transaction from { id } }
      }`);
    for (const deadline = Date.now() + 60_000; ; ) {
      sample = await read();
      if (sample.dagBlocks.length > 0 && sample.dagTransfers.length > 0) break;
      if (Date.now() > deadline) throw new Error('nothing of the chain aios was indexed');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  });

  afterAll(async () => browser?.close());

  const drawn = (page: Page) => page.locator('.dag-block');
  const readout = (page: Page) => page.locator('.dag-readout');
  const opened = async (path: string) => {
    const { page, problems } = await openPage(browser, { scheme: 'light', size: 'wide' });
    await page.goto(path);
    await settled(page);
    return { page, problems };
  };

  it('looks right everywhere, moves nothing by itself, and has nothing that keeps anybody out', async () => {
    const paths = {
      chain: '/chain',
      'chain-block': `/chain/block/${sample.dagBlocks[0]?.chainBlock.id}`,
      'chain-transaction': `/chain/transaction/${sample.dagTransfers[0]?.transaction}`,
      'chain-account': `/chain/account/${sample.dagTransfers[0]?.from.id}`,
      'chain-validator': `/chain/validator/${sample.dagValidators[0]?.id}`,
    };
    for (const [name, path] of Object.entries(paths)) {
      const { page, problems } = await opened(path);
      const shift = await page.evaluate(() => (window as unknown as { layoutShift: number }).layoutShift);
      expect(shift, name).toBeLessThan(0.1);
      // A row that enters fades in its scheme's colour, which is none of the other's while the scheme is switched.
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await shoot(page, `${shots}${name}`);
      expect(problems, name).toEqual([]);
      await page.context().close();
    }
  });

  it('is drawn as it grows: blocks enter, what was drawn stays in its lane, and hollow becomes filled', async () => {
    const { page, problems } = await opened('/chain');
    await drawn(page).first().waitFor();
    const state = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('.dag-block')].map((block) => ({
          id: block.id,
          final: block.classList.contains('dag-final'),
          y:
            block.querySelector('circle')?.getAttribute('cy') ??
            block.querySelector('rect + rect')?.getAttribute('y'),
        })),
      );
    const before = await state();
    const hollow = before.find(({ final }) => !final);
    expect(hollow).toBeDefined();
    expect(new Set(before.map(({ id }) => id)).size).toBe(before.length);
    await expect
      .poll(async () => (await state()).find(({ id }) => id === hollow?.id)?.final, { timeout: 30_000 })
      .toBe(true);
    const after = await state();
    expect(after.at(-1)?.id).not.toBe(before.at(-1)?.id);
    const places = new Map(before.map(({ id, y }) => [id, y]));
    for (const { id, y } of after) if (places.has(id)) expect(y).toBe(places.get(id));
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('stands still while it is held, and says how many blocks wait', async () => {
    const { page } = await opened('/chain');
    await drawn(page).first().waitFor();
    const drawing = page.getByRole('region', { name: 'Blocks as they come' });
    await drawing.getByRole('button', { name: 'Pause the drawing' }).click();
    const held = await drawn(page).last().getAttribute('id');
    await drawing.getByText(/^\d+ waiting$/).waitFor({ timeout: 30_000 });
    expect(await drawn(page).last().getAttribute('id')).toBe(held);
    await drawing.getByRole('button', { name: 'Resume the drawing' }).click();
    await expect.poll(() => drawn(page).last().getAttribute('id')).not.toBe(held);
    await page.context().close();
  });

  it('is read and opened by keyboard: one stop, arrows from block to block, Enter', async () => {
    const { page } = await opened('/chain');
    await page.getByRole('button', { name: 'Pause the drawing' }).click();
    expect(await page.locator('.dag-block[tabindex="0"]').count()).toBe(1);
    await page.locator('.dag-block[tabindex="0"]').focus();
    const focused = () => page.evaluate(() => document.activeElement?.id);
    const first = await focused();
    await page.keyboard.press('ArrowLeft');
    const second = await focused();
    expect(second).toMatch(/^dag-0x/);
    expect(second).not.toBe(first);
    await expect.poll(() => readout(page).textContent()).toContain(second?.slice(4, 12));
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/chain/block/${second?.slice(4)}`);
    await page.getByRole('heading', { level: 1, name: 'Block' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('c');
    await page.waitForURL('**/chain');
    await page.context().close();
  });

  it('finds blocks by id and number, transactions and accounts, and says what it cannot find', async () => {
    const { page } = await opened('/chain');
    const find = async (text: string) => {
      await page.goto('/chain');
      await page.getByRole('searchbox', { name: /Block, transaction/ }).fill(text);
      await page.getByRole('button', { name: 'Find' }).click();
    };
    const [block] = sample.dagBlocks;
    const [transfer] = sample.dagTransfers;
    await find(block?.id ?? '');
    await page.waitForURL(`**/chain/block/${block?.id}`);
    await find(String(block?.index));
    await page.waitForURL(`**/chain/block/${block?.chainBlock.id}`);
    await find(transfer?.transaction.slice(2) ?? '');
    await page.waitForURL(`**/chain/transaction/${transfer?.transaction}`);
    await page.getByRole('heading', { name: 'Transfers' }).waitFor();
    await find(transfer?.from.id ?? '');
    await page.waitForURL(`**/chain/account/${transfer?.from.id}`);
    await find('999999999');
    await page.getByText('There is no block with this number yet.').waitFor();
    await find('nonsense');
    await page.getByText(/Expected 64 hexadecimal digits/).waitFor();
    await page.context().close();
  });

  it('says what to do where there is no chain', async () => {
    const { page, problems } = await openPage(browser, { scheme: 'light', size: 'wide' });
    const nothing: Record<string, unknown> = {
      ChainOverview: { dagStats: null, dagValidators: [], dagMinutes: [] },
      ChainWindow: { dagBlocks: [] },
    };
    await page.route('**/graphql', async (route) => {
      const { operationName } = route.request().postDataJSON() as { operationName: string };
      const data = nothing[operationName];
      if (data) await route.fulfill({ json: { data } });
      else await route.continue();
    });
    await page.routeWebSocket('**/graphql', () => undefined);
    await page.goto('/chain');
    await page.getByText('No blocks yet.').waitFor();
    await page.getByText('aios.config.ts').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: `${shots}chain-empty-light-wide.png` });
    expect(problems).toEqual([]);
    await page.context().close();
  });
});
