import { expect, test } from 'vitest';
import { parseLog } from './statement-log.ts';

test('statements of one application, with parameters as they were sent', () => {
  const log = `<<aios gateway+services>> LOG:  statement: select id from heads
<<aios bench>> LOG:  statement: select 'not ours'
<<aios gateway+services>> LOG:  execute q1: select a,
\t  b from t where x = $1 and y = $2 and z = $3
<<aios gateway+services>> DETAIL:  Parameters: $1 = 'it''s', $2 = NULL, $3 = '{a,b}'
<<aios gateway+services>> LOG:  execute <unnamed>: select 2
`;
  expect(parseLog(log, 'aios gateway')).toEqual([
    { text: 'select id from heads', values: [] },
    { text: 'select a,\n  b from t where x = $1 and y = $2 and z = $3', values: ["it's", null, '{a,b}'] },
    { text: 'select 2', values: [] },
  ]);
});
