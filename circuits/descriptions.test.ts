import { describe, expect, it } from 'vitest';
import { circuits } from './catalogue.ts';
import { descriptions } from './descriptions.ts';

describe('descriptions of circuits', () => {
  it.each(circuits.map((circuit) => [circuit.id, circuit] as const))(
    'has words for every input of %s, and no others',
    (id, circuit) => {
      expect(Object.keys(descriptions[id]?.inputs ?? {}).sort()).toEqual(Object.keys(circuit.inputs).sort());
    },
  );
});
