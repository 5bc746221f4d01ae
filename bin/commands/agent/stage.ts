// A stage of a command, shown while it runs and with its time after it; nothing of it where a script reads the output.
import { ProgressScreen } from '../../cli/screen.ts';

/** Runs `work` under a name. `quiet` shows nothing, as `--json` wants. */
export async function stage<Value>(
  name: string,
  quiet: boolean | undefined,
  work: (say: (message: string) => void) => Promise<Value>,
  told: (value: Value) => string = () => '',
): Promise<Value> {
  if (quiet) return work(() => undefined);
  const screen = new ProgressScreen(14);
  const began = performance.now();
  screen.begin(name);
  // What takes long says for how long it has, so that it does not look stuck.
  let message = '';
  const show = () =>
    screen.update(name, `${message}${message && ' '}${Math.round((performance.now() - began) / 1000)} s`);
  const clock = setInterval(show, 1_000);
  try {
    const value = await work((next) => {
      message = next;
      show();
    });
    clearInterval(clock);
    screen.done(name, performance.now() - began, told(value));
    return value;
  } catch (error) {
    clearInterval(clock);
    screen.failed(name, error);
    throw error;
  }
}
