// Greets, and counts how often. `run` gets the input and `aios`, its only way to the world; what it returns is the output.
import { defineAgent, isCallError } from '../../sdk/typescript/aios.ts';

interface Input {
  readonly name: string;
}

interface Output {
  readonly greeting: string;
  readonly visits: number;
}

export const run = defineAgent<Input, Output>(({ name }, aios) => {
  try {
    const before = Number(aios.call('storage.get', { key: name }) ?? 0);
    aios.call('storage.set', { key: name, value: before + 1 });
    return { greeting: before > 0 ? `Welcome back ${name}` : `Hello ${name}`, visits: before + 1 };
  } catch (error) {
    if (!isCallError(error)) throw error;
    aios.log.warn('not counted:', error.code, error.message);
    return { greeting: `Hello ${name}`, visits: 0 };
  }
});
