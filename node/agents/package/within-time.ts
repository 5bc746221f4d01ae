// Runs work on what strangers wrote (schemas, patterns) with a limit of time that also ends regular expressions.
import { createContext, Script } from 'node:vm';

const context = createContext({ work: undefined });
const script = new Script('work()');

/** What `work` answers, or undefined when it took longer. `work` must leave nothing half done. */
export function withinTime<T>(milliseconds: number, work: () => T): { readonly value: T } | undefined {
  context.work = work;
  try {
    return { value: script.runInContext(context, { timeout: milliseconds }) as T };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  } finally {
    context.work = undefined;
  }
}
