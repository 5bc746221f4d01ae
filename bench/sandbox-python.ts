// The Python part of `npm run probe:sandbox`, by itself: `node bench/run.mjs sandbox-python`.
import { type ProbeResult, probePython } from './agents/probe-python.ts';

const results: ProbeResult[] = [];
await probePython((result) => {
  results.push(result);
  const memory = `${Math.round(result.residentBytes / 2 ** 20)} MB`;
  console.log(
    `${result.contained ? 'contained' : 'ESCAPED  '}  ${result.name.padEnd(44)} ${memory.padStart(7)}  ${result.how}`,
  );
});
const failed = results.filter(({ contained }) => !contained).length;
const late = Math.max(...results.map(({ overMs }) => overMs));
console.log(
  `${results.length - failed}/${results.length} contained, at most ${Math.round(late)} ms past the deadline, at most ${Math.round(
    Math.max(...results.map(({ residentBytes }) => residentBytes)) / 2 ** 20,
  )} MB resident`,
);
process.exit(failed > 0 ? 1 : 0);
