// `npm run bench:first-proof`: how long the first proof takes on a machine that has never made one: the product is started with an empty data
// folder, and a credential is proved through GraphQL as soon as it answers. Compilation and development setup are part of it.

import { setTimeout as delay } from 'node:timers/promises';
import { dataOf, signInWithDid } from '#bin/product/testing/client.ts';
import { cleanUp, startProduct, temporaryFolder } from '#bin/product/testing/product.ts';
import { credentialExample } from '#circuits/examples.ts';

const goalSeconds = 120;
const begun = performance.now();
const seconds = () => (performance.now() - begun) / 1_000;
const say = (text: string) => process.stdout.write(`${seconds().toFixed(1).padStart(6)} s  ${text}\n`);

interface Job {
  readonly id: string;
  readonly status: string;
  readonly stage: string | null;
  readonly cpuSeconds: number | null;
  readonly error: { readonly message: string } | null;
}

let failed = true;
try {
  const product = await startProduct({ args: ['--no-demo'], dataDir: temporaryFolder() });
  say('the product is ready');
  const { token } = await signInWithDid(product.url, 1);
  const { requestProof } = await dataOf(
    product.url,
    'mutation ($input: RequestProofInput!) { requestProof(input: $input) { job { id } error { message } } }',
    { variables: { input: { circuit: 'credential', input: credentialExample } }, token },
  );
  let job: Job = { id: requestProof.job.id, status: 'QUEUED', stage: null, cpuSeconds: null, error: null };
  for (let stage: string | null = ''; job.status === 'QUEUED' || job.status === 'RUNNING'; ) {
    await delay(200);
    const answer = await dataOf(
      product.url,
      'query ($id: ID!) { proofJob(id: $id) { id status stage cpuSeconds error { message } } }',
      { variables: { id: job.id }, token },
    );
    job = answer.proofJob;
    if (job.stage !== stage) say(`${job.status.toLowerCase()} ${job.stage ?? ''}`);
    stage = job.stage;
  }
  failed = job.status !== 'COMPLETED' || seconds() > goalSeconds;
  say(
    job.status === 'COMPLETED'
      ? `proved and verified, ${job.cpuSeconds?.toFixed(1)} CPU s in the prover; goal <= ${goalSeconds} s from the start: ${failed ? 'MISSED' : 'met'}`
      : `${job.status}: ${job.error?.message ?? ''}`,
  );
  await product.stop();
} finally {
  await cleanUp();
}
process.exit(failed ? 1 : 0);
