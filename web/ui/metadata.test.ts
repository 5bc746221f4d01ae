import { describe, expect, it } from 'vitest';
import { agentName, networkDescription } from './metadata.ts';

describe('agentName', () => {
  it('is the name its document gives', () => {
    expect(agentName({ id: '38', metadata: { name: 'Ledger Clerk' } })).toBe('Ledger Clerk');
  });

  it.each([undefined, null, {}, { name: null }, { name: '' }])(
    'falls back to the number (%j)',
    (metadata) => {
      expect(agentName({ id: '38', metadata })).toBe('Agent 38');
    },
  );
});

describe('networkDescription', () => {
  it('prefers the profile, and takes the document where the profile says nothing', () => {
    const metadata = { description: 'from the document' };
    expect(networkDescription({ profile: { description: 'from the profile' }, metadata })).toBe(
      'from the profile',
    );
    expect(networkDescription({ profile: { description: null }, metadata })).toBe('from the document');
    expect(networkDescription({ profile: null, metadata })).toBe('from the document');
    expect(networkDescription({ profile: null, metadata: null })).toBeNull();
  });
});
