// The thread behind `compileOffThread`: one supergraph, one answer.
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '#node/platform/errors.ts';
import { composeSupergraph } from '../compose/compose-supergraph.ts';
import { compileSupergraph } from './compiled-supergraph.ts';
import type { CompileAnswer, CompileRequest } from './supergraph-compiler.ts';

/** Below whatever serves. */
const NICENESS = 5;

function compile(request: CompileRequest): CompileAnswer {
  try {
    if ('supergraphSdl' in request) {
      return { kind: 'compiled', supergraph: compileSupergraph(request.supergraphSdl) };
    }
    const composed = composeSupergraph(request.subgraphs);
    if (!composed.ok) return { kind: 'problems', problems: composed.problems };
    return { kind: 'compiled', supergraph: compileSupergraph(composed.supergraphSdl) };
  } catch (error) {
    return { kind: 'invalid', message: messageOf(error) };
  }
}

// On Linux this is the thread's own priority; elsewhere it would be the whole process's.
if (process.platform === 'linux') setPriority(0, NICENESS);
parentPort?.postMessage(compile(workerData as CompileRequest));
