import { describe, expect, it } from 'vitest';
import { advance, backTo } from './progress.ts';

describe('progress on the path', () => {
  const whole = {
    network: '1',
    licence: '2',
    agent: '3',
    deployment: '4',
    run: '5',
    replay: '6',
    proof: '7',
    verified: '8',
  };

  it('keeps what was done before a step', () => {
    expect(advance({ network: '1', licence: '2', agent: '3' }, { deployment: '4' })).toEqual({
      network: '1',
      licence: '2',
      agent: '3',
      deployment: '4',
    });
  });

  it('forgets what rested on a step that is done again', () => {
    expect(advance(whole, { run: '9' })).toEqual({
      network: '1',
      licence: '2',
      agent: '3',
      deployment: '4',
      run: '9',
    });
    expect(advance(whole, { licence: '9', agent: '9' })).toEqual({ network: '1', licence: '9', agent: '9' });
  });

  it('goes back to a step', () => {
    expect(backTo(whole, 'replay')).toEqual({
      network: '1',
      licence: '2',
      agent: '3',
      deployment: '4',
      run: '5',
    });
    expect(backTo(whole, 'network')).toEqual({});
  });
});
