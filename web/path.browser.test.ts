// From a licence to a proof on chain, in Chromium against a running product, all by clicking: a network, a licence bought, a template forked
// and changed, deployed, run with its trace seen live, replayed, its decision proved and verified on chain.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, obstacle, openPage, settled, shoot, signIn, type View } from './testing/browser.ts';

const reason = obstacle();
const shots = fileURLToPath(new URL('../dist/screenshots/', import.meta.url));
/** The first proof of a circuit compiles it and makes its keys. */
const PROOF_MS = 300_000;

const stepOf = (page: Page, title: string): Locator =>
  page.locator('.path-step').filter({ has: page.getByRole('heading', { level: 2, name: title }) });

describe.skipIf(reason !== null)('the path from licence to proof', () => {
  let browser: Browser;
  beforeAll(async () => {
    mkdirSync(shots, { recursive: true });
    browser = await launch();
  });
  afterAll(async () => browser?.close());

  it('is walked by clicking', async () => {
    const view: View = { scheme: 'light', size: 'wide' };
    const { page, problems } = await openPage(browser, view);
    await page.goto('/path');
    await settled(page);
    await shoot(page, `${shots}path-begin`);
    await signIn(page, page.locator('main'));

    const network = stepOf(page, 'Have a network');
    await network.getByLabel('Name of the network').fill(`Harbour Credit ${Date.now().toString(36)}`);
    await network.getByRole('button', { name: 'Create network' }).click();

    const licence = stepOf(page, 'Buy a licence');
    await licence
      .getByRole('button', { name: /^Buy licence/ })
      .first()
      .click({ timeout: 60_000 });
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Buy for/ })
      .click();

    const deploy = stepOf(page, 'Fork a template and deploy it');
    await deploy.getByText('Its code and manifest').click({ timeout: 60_000 });
    const unchanged = await deploy.locator('.form-actions .hash span').first().getAttribute('title');
    await deploy.getByRole('button', { name: 'agent.ts', exact: true }).click();
    const code = deploy.getByRole('textbox', { name: 'agent.ts', exact: true });
    const text = await code.inputValue();
    await code.fill(text.replace('aios.log(`', "aios.log('forked: a decision follows');\n  aios.log(`"));
    await shoot(page, `${shots}path-fork`);
    const cid = await deploy.locator('.form-actions .hash span').first().getAttribute('title');
    expect(cid).not.toBe(unchanged);
    await deploy.getByRole('button', { name: 'Fork and deploy' }).click();
    expect(
      await stepOf(page, 'Fork a template').locator('.path-summary .hash span').first().getAttribute('title'),
    ).toBe(cid);

    const run = stepOf(page, 'Run it, and watch');
    await run.getByLabel('monthsTrading').waitFor();
    await run.getByLabel('Example').selectOption({ index: 2 });
    await shoot(page, `${shots}path-input`);
    await run.getByRole('button', { name: 'Run', exact: true }).click();
    const trace = run.getByRole('list', { name: 'Trace' });
    await trace.getByText('forked: a decision follows').waitFor({ timeout: 60_000 });
    await trace.locator('[data-kind="completed"]').waitFor();
    await run.getByText('Completed', { exact: true }).waitFor();
    expect(await run.locator('.run-output').textContent()).toMatch(/"decision": "(APPROVE|REVIEW|DECLINE)"/);

    const replay = stepOf(page, 'Replay it');
    await replay.getByRole('button', { name: 'Replay', exact: true }).click();
    await replay.getByText('Equal digest').waitFor({ timeout: 60_000 });

    const proof = stepOf(page, 'Prove the decision');
    await proof.getByRole('button', { name: 'Prove the decision' }).click();
    const verify = stepOf(page, 'Verify it on chain');
    await verify.locator('.stages [aria-current="step"]').waitFor();
    await page.screenshot({ path: `${shots}path-stages-light-wide.png`, fullPage: true });
    // Half-way is kept by a reload.
    await page.reload();
    await verify.getByText('Made and verified under its key').waitFor({ timeout: PROOF_MS });
    await shoot(page, `${shots}path-proved`);
    await verify.getByRole('button', { name: 'Verify on chain' }).click();
    await verify.getByText('Verified on chain').waitFor({ timeout: 60_000 });
    await page.getByText('That is all of it.').waitFor();
    await page.reload();
    await settled(page);
    await verify.getByText('Verified on chain').waitFor();
    expect(await page.locator('.path-done').count()).toBe(8);
    await shoot(page, `${shots}path-end`);
    expect(problems).toEqual([]);
    await page.context().close();
  }, 600_000);
});
