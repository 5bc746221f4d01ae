// Composes and takes apart supergraphs in a thread that lives as long as one of them takes: 3.5 CPU-seconds for 20 deployments.
import { Worker } from 'node:worker_threads';
import { AiosError } from '#node/platform/errors.ts';
import { bundledEntry } from '#node/platform/package-root.ts';
import type { CompositionProblem, SubgraphDefinition } from '../compose/compose-supergraph.ts';
import type { CompiledSupergraph } from './compiled-supergraph.ts';

/** A supergraph to compile: composed already, or by its subgraphs. */
export type CompileRequest =
  | { readonly supergraphSdl: string }
  | { readonly subgraphs: readonly SubgraphDefinition[] };

export type CompileAnswer =
  | { readonly kind: 'compiled'; readonly supergraph: CompiledSupergraph }
  | { readonly kind: 'problems'; readonly problems: readonly CompositionProblem[] }
  | { readonly kind: 'invalid'; readonly message: string };

/** What the subgraphs have to change, one problem a line. */
export function compositionFailed(problems: readonly CompositionProblem[]): AiosError {
  const lines = problems.map(({ code, message, fix }) => `  ${code}: ${message}\n    fix: ${fix}`);
  return new AiosError('COMPOSITION_FAILED', `the subgraphs do not compose:\n${lines.join('\n')}`, {
    details: { problems },
  });
}

/**
 * Compiles off this thread.
 * @throws AiosError `COMPOSITION_FAILED` with every problem and its fix, `SUPERGRAPH_INVALID`
 */
export async function compileOffThread(request: CompileRequest): Promise<CompiledSupergraph> {
  const worker = new Worker(bundledEntry('supergraph-compiler.mjs'), {
    workerData: request,
    name: 'supergraph-compiler',
  });
  const answer = await new Promise<CompileAnswer>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () =>
      reject(new AiosError('SUPERGRAPH_INVALID', 'the thread that composes the supergraph ended: try again')),
    );
  });
  void worker.terminate();
  if (answer.kind === 'compiled') return answer.supergraph;
  if (answer.kind === 'problems') throw compositionFailed(answer.problems);
  throw new AiosError('SUPERGRAPH_INVALID', `the supergraph could not be loaded: ${answer.message}`);
}
