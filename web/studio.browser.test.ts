// The studio and the prover in Chromium against a running product: every page in both schemes and at both widths, and what is done there:
// a fork deployed and run, a rhythm set, an approval given, a run replayed, a credential proved.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page, WebSocketRoute } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, obstacle, openPage, settled, shoot, signIn, type WatchedPage } from './testing/browser.ts';

const reason = obstacle();
const shots = fileURLToPath(new URL('../dist/screenshots/', import.meta.url));
/** The first proof of a circuit compiles it and makes its keys. */
const PROOF_MS = 300_000;

const ASKING = {
  'agent.json': JSON.stringify(
    {
      name: 'careful-payer',
      version: '1.0.0',
      description: 'Asks before it goes on.',
      language: 'javascript',
      entry: 'agent.js',
      capabilities: { approval: {}, storage: { bytes: 4096 } },
      input: {
        type: 'object',
        required: ['amount'],
        properties: {
          amount: { type: 'integer', minimum: 1, description: 'How much.' },
          urgent: { type: 'boolean' },
        },
      },
    },
    null,
    2,
  ),
  'agent.js': `export function run({ amount }, aios) {
  aios.log('counting', amount);
  aios.call('storage.set', { key: 'last', value: amount });
  const { approved, note } = aios.call('approval.ask', { question: 'Pay ' + amount + '?', details: { amount } });
  if (!approved) throw new Error('refused: ' + note);
  return { paid: amount };
}
`,
};

/** A mutation as the signed-in page would send it. */
async function mutate<Data>(page: Page, query: string, input: object): Promise<Data> {
  return page.evaluate(
    async ([text, variables]) => {
      const { accessToken } = JSON.parse(localStorage.getItem('aios.session') ?? '{}') as {
        accessToken: string;
      };
      const response = await fetch('/graphql', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-graphql-csrf': '1',
          authorization: `Bearer ${accessToken}`,
        },
        body: JSON.stringify({ query: text, variables: { input: variables } }),
      });
      const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown };
      if (!data) throw new Error(JSON.stringify(errors));
      return data as Data;
    },
    [query, input] as const,
  );
}

describe.skipIf(reason !== null)('the studio', () => {
  let browser: Browser;
  let watched: WatchedPage;
  let page: Page;
  let agent = '';
  let network = '';
  const sockets: WebSocketRoute[] = [];

  beforeAll(async () => {
    mkdirSync(shots, { recursive: true });
    browser = await launch();
    watched = await openPage(browser, { scheme: 'light', size: 'wide' });
    page = watched.page;
    // Between page and product, so that a test can cut the connection.
    await page.routeWebSocket(/\/graphql$/, (socket) => {
      socket.connectToServer();
      sockets.push(socket);
    });
    await page.goto('/studio');
    await settled(page);
    await signIn(page, page.locator('main'));
    const made = await mutate<{ createNetwork: { network: { id: string } } }>(
      page,
      'mutation ($input: CreateNetworkInput!) { createNetwork(input: $input) { network { id } error { message } } }',
      { name: `Studio ${Date.now().toString(36)}`, metadataURI: '', isPublic: true },
    );
    network = made.createNetwork.network.id;
    const { listings } = (await (
      await fetch(`${new URL(page.url()).origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-graphql-csrf': '1' },
        body: JSON.stringify({
          query:
            '{ listings(first: 1, where: { status: ACTIVE, agent_not: null }, orderBy: price) { id price agent { id } licence { id } } }',
        }),
      })
    )
      .json()
      .then(({ data }) => data)) as { listings: { id: string; price: string; agent: { id: string } }[] };
    const [listing] = listings;
    if (!listing) throw new Error('nothing is for sale on the devnet');
    agent = listing.agent.id;
    await mutate(
      page,
      'mutation ($input: BuyAgentInput!) { buyAgent(input: $input) { sale { id } error { message } } }',
      {
        listingId: listing.id,
        maxPrice: listing.price,
      },
    );
  });
  afterAll(async () => browser?.close());

  const look = (name: string) => shoot(page, `${shots}studio-${name}`);

  it('lists what one may work on, and the templates', async () => {
    await page.reload();
    await settled(page);
    await page.getByRole('link', { name: 'credit-scoring' }).waitFor();
    await page.getByText('nowhere yet').waitFor();
    await look('index');
    await page.getByRole('link', { name: 'credit-scoring' }).click();
    await page.getByRole('button', { name: 'scorecard.json', exact: true }).click();
    await look('template');
  });

  it('deploys a fork that was changed, and runs it with its trace seen live', async () => {
    await page.goto(`/agents/${agent}/studio`);
    await settled(page);
    await page.getByLabel('Fork').selectOption('support-triage');
    await page.getByRole('button', { name: 'agent.json', exact: true }).click();
    const manifest = page.getByRole('textbox', { name: 'agent.json' });
    await manifest.fill((await manifest.inputValue()).replace('"entry": "agent.ts"', '"entry": "other.ts"'));
    await page.getByText('there is no file "other.ts"').waitFor();
    await look('new');
    await manifest.fill((await manifest.inputValue()).replace('"entry": "other.ts"', '"entry": "agent.ts"'));
    // What was written survives a reload.
    await page.getByLabel('Fork').selectOption('credit-scoring');
    await page.getByRole('button', { name: 'scorecard.json', exact: true }).waitFor();
    await page.waitForFunction(() =>
      Object.entries(localStorage).some(
        ([key, text]) => key.startsWith('aios.draft.') && text.includes('scorecard.json'),
      ),
    );
    await page.reload();
    await page.getByRole('button', { name: 'scorecard.json', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Deploy', exact: true }).click();
    await page.waitForURL(/deployment=\d+/);
    await page.getByRole('button', { name: 'Run on this input' }).click();
    await page.locator('.trace [data-kind="completed"]').waitFor({ timeout: 60_000 });
    await look('code');
  });

  it('tells a wrong input before it is sent', async () => {
    await page.getByLabel('monthsTrading').fill('-1');
    await page.getByText('features.monthsTrading must be 0 or more').waitFor();
    expect(await page.getByRole('button', { name: 'Run on this input' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'JSON', exact: true }).click();
    await page.getByRole('textbox', { name: 'Input as JSON' }).fill('{"applicant": ');
    await page.getByText('The input is not JSON yet.').waitFor();
    await look('input');
  });

  it('shows runs, filtered in the URL, and one of them whole, and replays it', async () => {
    await page.getByRole('link', { name: 'Runs' }).click();
    await page.getByLabel('Status').selectOption('COMPLETED');
    await page.waitForURL(/status=COMPLETED/);
    await page.locator('tbody .row-link').first().waitFor();
    await look('runs');
    await page.locator('tbody .row-link').first().click();
    await page.waitForURL(/\/runs\/\d+/);
    await settled(page);
    await page.getByRole('button', { name: 'Replay', exact: true }).click();
    await page.getByText('Equal digest').waitFor({ timeout: 60_000 });
    await page.getByText('Its digest is in the anchored batch: checked here.').waitFor({ timeout: 90_000 });
    await look('run');
    await page.goto('/runs/999999999');
    await page.getByText('The run could not be shown.').waitFor();
    await look('run-unknown');
  });

  it('runs the next version, which asks for an approval, and gives it', async () => {
    await mutate(
      page,
      'mutation ($input: DeployAgentInput!) { deployAgent(input: $input) { deployment { id } error { message } } }',
      {
        networkId: network,
        licenceId: await page.evaluate(async (id) => {
          const response = await fetch('/graphql', {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'x-graphql-csrf': '1' },
            body: JSON.stringify({
              query: `{ agent(id: "${id}") { deployments(first: 1) { edges { node { licence { id } } } } } }`,
            }),
          });
          return (await response.json()).data.agent.deployments.edges[0].node.licence.id as string;
        }, agent),
        files: Object.entries(ASKING).map(([path, text]) => ({ path, text })),
      },
    );
    await page.goto(`/agents/${agent}/studio`);
    await settled(page);
    await page.getByLabel('amount').fill('12');
    await page.getByRole('button', { name: 'Run on this input' }).click();
    await page.locator('.trace').getByText('approval.ask').waitFor({ timeout: 60_000 });
    await page.getByRole('link', { name: 'Runs' }).click();
    await page.getByText('Pay 12?').waitFor();
    await look('approval');
    await page.getByRole('link', { name: /^run \d+$/ }).click();
    await page.locator('.trace').getByText('approval.ask').waitFor();
    // The trace goes on after the cursor when the connection was lost: nothing is missing, nothing is there twice.
    const before = sockets.length;
    await Promise.all(sockets.splice(0).map((socket) => socket.close({ code: 4000 })));
    await expect.poll(() => sockets.length, { timeout: 30_000 }).toBeGreaterThan(0);
    expect(before).toBeGreaterThan(0);
    await page.getByPlaceholder('Note, optional').fill('fine');
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.locator('.trace [data-kind="completed"]').waitFor({ timeout: 60_000 });
    for (const kind of ['queued', 'info', 'storage.set', 'approval.ask', 'completed'])
      expect(await page.locator(`.trace [data-kind="${kind}"]`).count(), kind).toBe(1);
    await page.goto(`/agents/${agent}/studio?view=runs`);
    await page.locator('tbody tr').first().getByText('Completed').waitFor({ timeout: 60_000 });
    expect(await page.getByText('Pay 12?').count()).toBe(0);
    await page.getByRole('link', { name: 'Versions' }).click();
    await page.locator('tbody .badge', { hasText: 'active' }).waitFor();
    expect(await page.locator('tbody tr').count()).toBe(2);
    await look('versions');
  });

  it('sets a rhythm whose ticks are shown first, and a trigger', async () => {
    await page.getByRole('link', { name: 'Schedule' }).click();
    await page.getByLabel('At times').check();
    await page.getByLabel('Cron expression').fill('0 9 * * 8');
    await page.locator('.notice-bad').first().waitFor();
    await page.getByLabel('Cron expression').fill('30 7 * * 1-5');
    await page.locator('.schedule-ticks li').nth(4).waitFor();
    const editor = page.getByRole('textbox', { name: 'Input of scheduled runs' });
    await editor.fill('{ "amount": 3 }');
    await page.getByLabel('Add a trigger').selectOption('message');
    await page.getByLabel('Message on the topic').fill('invoices');
    await page.getByRole('button', { name: 'Save schedule and triggers' }).click();
    await page.getByText('Saved.').waitFor();
    await page.getByText('Next tick').first().waitFor();
    await look('schedule');
    await page.reload();
    expect(await page.getByLabel('Message on the topic').inputValue()).toBe('invoices');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Resume' }).waitFor();
  });

  it('proves a credential, stage by stage, and has it verified on chain', async () => {
    await page.goto('/prover');
    await settled(page);
    await look('prover');
    await page.getByRole('button', { name: 'Fill in an example' }).click();
    await page.getByLabel('value').fill('17');
    await page.getByRole('button', { name: 'Prove it' }).click();
    // Seventeen is not between eighteen and a hundred and fifty: nothing to prove.
    await page.getByText('STATEMENT_FALSE').waitFor({ timeout: PROOF_MS });
    await look('proof-false');
    await page.goto('/prover');
    await settled(page);
    await page.getByRole('button', { name: 'Fill in an example' }).click();
    await page.getByRole('button', { name: 'Prove it' }).click();
    await page.getByText('Made and verified under its key').waitFor({ timeout: PROOF_MS });
    await page.getByRole('button', { name: 'Verify on chain' }).click();
    await page.getByText('Verified on chain').waitFor({ timeout: 60_000 });
    await look('proof');
    await page.goto('/prover?circuit=credit-policy');
    await settled(page);
    await page.getByRole('button', { name: 'Fill in an example' }).click();
    await look('prover-credit');
  }, 600_000);

  it('stays without a fault', () => {
    // A run that one may not look at answers with an error of its own, which the browser does not log.
    expect(watched.problems).toEqual([]);
  });
});
