// `npm run zk:tamper`: proofs with a flipped bit, inputs and commitments with a flipped bit, proofs under other keys and second uses, all
// sent to the contracts on a real anvil. Only the honest ones pass.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concat, getBytes, hexlify } from 'ethers';
import { circuitOf } from '#circuits/catalogue.ts';
import { examples } from '#circuits/examples.ts';
import { KeyStore } from '#circuits/prover/key-store.ts';
import { type ProofAnswer, prove } from '#circuits/prover/prove.ts';
import { developmentVerifiers } from '#contracts/generated/verifiers.ts';
import { ProofChain } from './zk/on-chain.ts';

const chain = new ProofChain();
const store = new KeyStore({
  folder: join(tmpdir(), 'aios-zk-keys'),
  use: { production: false, chainId: 31_337 },
});
const say = (text: string) => process.stdout.write(`${text}\n`);
let wrong = 0;

/** The custom error a call is refused with; undefined when it passes. */
async function refusal(
  keyHash: string,
  model: bigint,
  proof: string,
  signals: readonly string[],
): Promise<string | undefined> {
  try {
    await chain.registry.getFunction('submitProof').staticCall(keyHash, model, proof, signals);
    return undefined;
  } catch (error) {
    const { revert } = error as { revert?: { name: string } | null };
    return revert?.name ?? 'reverted';
  }
}

async function expectRefused(
  what: string,
  keyHash: string,
  model: bigint,
  proof: string,
  signals: readonly string[],
): Promise<void> {
  const why = await refusal(keyHash, model, proof, signals);
  if (why === undefined) wrong++;
  say(
    `${why === undefined ? 'FAILED  accepted:' : 'refused'} ${what}${why === undefined ? '' : ` (${why})`}`,
  );
}

/** The proof with one bit of one byte turned. */
function flip(proof: string, byte: number, bit = 0): string {
  const bytes = getBytes(proof);
  bytes[byte] = (bytes[byte] as number) ^ (1 << bit);
  return hexlify(bytes);
}

const changed = (signals: readonly string[], index: number, value: bigint) =>
  signals.map((signal, at) => (at === index ? value.toString() : signal));

await chain.start();
try {
  const answers = new Map<string, ProofAnswer>();
  for (const { circuit: id, system } of developmentVerifiers) {
    const answer = await prove(store, circuitOf(id), system, examples[id] ?? {});
    answers.set(`${id} ${system}`, answer);
    const { keyHash, publicSignals } = answer;
    const proof = concat([...answer.words]);
    const names = circuitOf(id).publicSignals;
    say(`\n${id}, ${system}`);
    const honest = await refusal(keyHash, 0n, proof, publicSignals);
    if (honest !== undefined) wrong++;
    say(
      `${honest === undefined ? 'passes ' : 'FAILED  refused:'} the honest proof${honest === undefined ? '' : ` (${honest})`}`,
    );
    const length = getBytes(proof).length;
    for (let byte = 31; byte < length; byte += 32)
      await expectRefused(
        `word ${(byte - 31) / 32} of the proof flipped`,
        keyHash,
        0n,
        flip(proof, byte),
        publicSignals,
      );
    for (const [index, name] of names.entries()) {
      await expectRefused(
        `${name} flipped`,
        keyHash,
        0n,
        proof,
        changed(publicSignals, index, BigInt(publicSignals[index] ?? 0) ^ 1n),
      );
    }
    const order = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;
    await expectRefused(
      'the nullifier in another form, the field order added',
      keyHash,
      0n,
      proof,
      changed(publicSignals, 0, BigInt(publicSignals[0] ?? 0) + order),
    );
    await expectRefused('a proof cut short', keyHash, 0n, proof.slice(0, -64), publicSignals);
  }

  const credential = answers.get('credential groth16') as ProofAnswer;
  const credit = answers.get('credit-policy groth16') as ProofAnswer;
  say('\nkeys, models and second uses');
  await expectRefused(
    "a credential under the credit policy's key",
    credit.keyHash,
    0n,
    concat([...credential.words]),
    [...credential.publicSignals, '0'],
  );
  const models = chain.models;
  const register = async (commitment: string) => {
    await (
      await models.getFunction('registerModel').send(credit.keyHash, commitment, 'bafkreigh2akiscaildc')
    ).wait();
    return (await models.getFunction('modelCount').staticCall()) as bigint;
  };
  const policy = credit.publicSignals[1] as string;
  const model = await register(policy);
  const other = await register((BigInt(policy) ^ 1n).toString());
  const proof = concat([...credit.words]);
  await expectRefused(
    'a decision of another policy (commitment flipped at registration)',
    credit.keyHash,
    other,
    proof,
    credit.publicSignals,
  );
  await expectRefused(
    'the commitment flipped to fit that policy',
    credit.keyHash,
    other,
    proof,
    changed(credit.publicSignals, 1, BigInt(policy) ^ 1n),
  );
  const sent = await (
    await chain.registry.getFunction('submitProof').send(credit.keyHash, model, proof, credit.publicSignals)
  ).wait();
  say(`${sent?.status === 1 ? 'passes ' : 'FAILED '} the honest decision under its registered policy`);
  if (sent?.status !== 1) wrong++;
  await expectRefused('the same decision a second time', credit.keyHash, model, proof, credit.publicSignals);
  await (
    await chain.registry
      .getFunction('submitProof')
      .send(credential.keyHash, 0, concat([...credential.words]), credential.publicSignals)
  ).wait();
  const fflonk = answers.get('credential fflonk') as ProofAnswer;
  await expectRefused(
    'a used nullifier proved again in another proof system',
    fflonk.keyHash,
    0n,
    concat([...fflonk.words]),
    fflonk.publicSignals,
  );
  say(`\n${wrong === 0 ? 'Everything tampered with was refused.' : `${wrong} cases went wrong.`}`);
} finally {
  await chain.stop();
}
process.exit(wrong === 0 ? 0 : 1);
