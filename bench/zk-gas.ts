// `npm run zk:gas`: what verifying costs, as whole transactions on a real anvil: the verifier called directly, and a proof recorded with its
// nullifier in the registry.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concat, toBeHex } from 'ethers';
import { circuitOf } from '#circuits/catalogue.ts';
import { examples } from '#circuits/examples.ts';
import { KeyStore } from '#circuits/prover/key-store.ts';
import { prove } from '#circuits/prover/prove.ts';
import { developmentVerifiers } from '#contracts/generated/verifiers.ts';
import { ProofChain } from './zk/on-chain.ts';

const limits = { groth16: 265_000, fflonk: 225_000, plonk: 310_000 } as const;
const chain = new ProofChain();
const store = new KeyStore({
  folder: join(tmpdir(), 'aios-zk-keys'),
  use: { production: false, chainId: 31_337 },
});
const say = (text: string) => process.stdout.write(`${text}\n`);
let failed = false;
await chain.start();
try {
  say('circuit        system   signals   verify (gas)   limit     recorded in ProofRegistry (gas)');
  for (const { circuit: id, system } of developmentVerifiers) {
    const verifier = chain.verifier(id, system);
    const { words, publicSignals, keyHash } = await prove(store, circuitOf(id), system, examples[id] ?? {});
    const signals = publicSignals.map((signal) => toBeHex(signal, 32));
    const data = concat([verifier.selector, ...words, ...signals]);
    const answer = await chain.wallet.call({ to: verifier.address, data });
    if (BigInt(answer) !== 1n) throw new Error(`${id} ${system}: the verifier refuses an honest proof`);
    // Estimated gas would be that of a refusal: a verifier that runs out of it answers false instead of reverting.
    const direct = await (
      await chain.wallet.sendTransaction({ to: verifier.address, data, gasLimit: 1_000_000 })
    ).wait();
    // PLONK and FFLONK tell the same statement as Groth16, whose nullifier would be used: only the first of a circuit is recorded.
    const circuitUsed = system !== 'groth16';
    const recorded = circuitUsed
      ? undefined
      : await (
          await chain.registry.getFunction('submitProof').send(keyHash, 0, concat([...words]), publicSignals)
        ).wait();
    const gas = Number(direct?.gasUsed ?? 0);
    failed ||= gas > limits[system];
    say(
      `${id.padEnd(14)} ${system.padEnd(8)} ${String(publicSignals.length).padEnd(9)} ${gas.toLocaleString('en').padEnd(14)} ${limits[system].toLocaleString('en').padEnd(9)} ${recorded ? Number(recorded.gasUsed).toLocaleString('en') : '-'}${gas > limits[system] ? '   TOO MUCH' : ''}`,
    );
  }
} finally {
  await chain.stop();
}
process.exit(failed ? 1 : 0);
