// A proof by mutations alone: asked for, followed over a subscription, recorded on chain, indexed, shown with its agent, and refused a second time.
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { creditExample } from '#circuits/examples.ts';
import { dataOf, mutations, type SignedIn, signInWithDid } from './testing/client.ts';
import { cleanUp, type Product, startProduct, temporaryFolder } from './testing/product.ts';

let product: Product;
let url: string;
let anna: SignedIn;
let bert: SignedIn;

const cid = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';

const mutate = mutations(() => url);

beforeAll(async () => {
  product = await startProduct({ args: ['--no-demo'], dataDir: temporaryFolder() });
  url = product.url;
  anna = await signInWithDid(url, 1);
  bert = await signInWithDid(url, 2);
}, 240_000);

afterAll(async () => {
  await product?.stop();
  await cleanUp();
}, 60_000);

/** The states of a proof until it has ended. */
async function followed(who: SignedIn, job: string): Promise<Record<string, unknown>[]> {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${who.token}` },
  });
  const states: Record<string, unknown>[] = [];
  try {
    const query = `subscription ($job: ID!) { proofProgress(job: $job) {
      id status stage progress publicSignals { name value } words keyHash development error { code message } } }`;
    for await (const { data } of client.iterate<{ proofProgress: Record<string, unknown> }>({
      query,
      variables: { job },
    })) {
      if (data) states.push(data.proofProgress);
    }
  } finally {
    await client.dispose();
  }
  return states;
}

it('a credit decision is proved, recorded on chain and shown with its agent', {
  timeout: 300_000,
}, async () => {
  const listed = await mutate(anna, 'listAgent', 'ListAgentInput', 'listing { licence { agent { id } } }', {
    metadataCID: cid,
    price: '1000',
  });
  const agentId = listed.listing.licence.agent.id;
  const wanted = { circuit: 'credit-policy', input: creditExample, agentId };
  const refused = await mutate(bert, 'requestProof', 'RequestProofInput', 'job { id }', wanted);
  expect(refused.error.code).toBe('NOT_CREATOR');
  const wrong = await mutate(anna, 'requestProof', 'RequestProofInput', 'job { id }', {
    ...wanted,
    input: { value: [1] },
  });
  expect(wrong.error.code).toBe('WITNESS_INPUT_INVALID');

  const asked = await mutate(
    anna,
    'requestProof',
    'RequestProofInput',
    'job { id status statement }',
    wanted,
  );
  expect(asked.error).toBeNull();
  const states = await followed(anna, asked.job.id);
  const last = states.at(-1) as {
    status: string;
    publicSignals: { name: string; value: string }[];
    words: string[];
    keyHash: string;
    development: boolean;
  };
  expect(last).toMatchObject({ status: 'COMPLETED', development: true, error: null });
  expect(states.map(({ stage }) => stage)).toContain('setup');
  const signal = (name: string) => last.publicSignals.find((candidate) => candidate.name === name)?.value;
  // The agent's scorecard: 350 + 55 + 45 + 50 + 55 + 45 + 45 + 40 + 48 = 733, which is above 640.
  expect(signal('decision')).toBe('2');
  const hidden = await dataOf(url, 'query ($id: ID!) { proofJob(id: $id) { id } }', {
    variables: { id: asked.job.id },
    token: bert.token,
  });
  expect(hidden.proofJob).toBeNull();

  const registered = await mutate(
    anna,
    'registerModel',
    'RegisterModelInput',
    'model { id commitment key { circuit system } }',
    {
      circuit: 'credit-policy',
      commitment: signal('policy'),
      metadataCID: cid,
    },
  );
  expect(registered).toMatchObject({
    error: null,
    model: { commitment: signal('policy'), key: { circuit: 'credit-policy', system: 'groth16' } },
  });
  const modelId = registered.model.id;

  const brought = {
    keyHash: last.keyHash,
    modelId,
    words: last.words,
    publicSignals: last.publicSignals.map(({ value }) => value),
  };
  const verdict = await mutate(bert, 'verifyProof', 'VerifyProofInput', 'valid', brought);
  expect(verdict).toEqual({ valid: true, error: null });
  const tampered = await mutate(bert, 'verifyProof', 'VerifyProofInput', 'valid', {
    ...brought,
    publicSignals: brought.publicSignals.map((value, index) => (index === 3 ? '0' : value)),
  });
  expect(tampered).toMatchObject({ valid: false, error: { code: 'PROOF_INVALID' } });

  const submitted = await mutate(
    anna,
    'submitProof',
    'SubmitProofInput',
    'transaction { status } verifiedProof { nullifier context model { id proofCount } }',
    { job: asked.job.id, modelId },
  );
  expect(submitted.error).toBeNull();
  expect(submitted.verifiedProof).toMatchObject({
    nullifier: signal('nullifier'),
    context: signal('context'),
    model: { id: modelId, proofCount: 1 },
  });
  const again = await mutate(anna, 'submitProof', 'SubmitProofInput', 'transaction { status }', {
    job: asked.job.id,
    modelId,
  });
  expect(again.error.code).toBe('NULLIFIER_USED');

  const shown = await dataOf(
    url,
    'query ($id: ID!) { agent(id: $id) { capabilityProofs { id circuit status } } }',
    {
      variables: { id: agentId },
    },
  );
  expect(shown.agent.capabilityProofs).toEqual([
    { id: asked.job.id, circuit: 'credit-policy', status: 'COMPLETED' },
  ]);
});
