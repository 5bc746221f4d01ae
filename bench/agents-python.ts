// The Python part of `npm run bench:agents`, by itself: `node bench/run.mjs agents-python`.
import { loadavg } from 'node:os';
import { measurePython } from './agents/python-rate.ts';

const rates = await measurePython(20);
console.log(`Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`);
console.log(JSON.stringify(rates, undefined, 2));
