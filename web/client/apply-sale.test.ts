import { describe, expect, it } from 'vitest';
import { applySale } from './apply-sale.ts';

const ids = (sales: readonly { id: string }[]) => sales.map(({ id }) => id).join('');
const list = [...'cba'].map((id) => ({ id }));

describe('applySale', () => {
  it('puts a new sale first and keeps to the limit', () => {
    expect(ids(applySale(list, 'd', { id: 'd' }, 3))).toBe('dcb');
  });

  it('shows a sale that is delivered twice once', () => {
    expect(ids(applySale(list, 'c', { id: 'c' }, 3))).toBe('cba');
  });

  it('takes back a sale that a reorganisation undid, and only that one', () => {
    expect(ids(applySale(list, 'b', null, 3))).toBe('ca');
  });
});
