// A whole indexer in a process of its own, for tests that kill it: starts the I/O thread with the settings on its command line and
// tells its parent what happens. Plain JavaScript: it runs without a bundler.
import { Worker } from 'node:worker_threads';

const [entry, settings] = process.argv.slice(2);
const worker = new Worker(entry, { workerData: JSON.parse(settings) });
worker.on('message', (message) => process.send?.(message));
worker.on('error', (error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
process.on('message', (message) => worker.postMessage(message));
