// A mutation of a service: it answers at once, or says in words what to mend.
import type { OperationVariables, TypedDocumentNode } from '@apollo/client';
import { useMutation } from '@apollo/client/react';
import { useCallback, useState } from 'react';

interface Answer {
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface Act<Input, Result> {
  /** Resolves to null when it was refused; `problem` then says why. */
  readonly act: (input: Input) => Promise<Result | null>;
  readonly busy: boolean;
  readonly problem: { readonly code: string; readonly message: string } | null;
  /** Shows a mistake that was found before anything was sent, or takes the shown one away. */
  readonly tell: (message: string | null) => void;
}

export function useAct<Data, Input, Result extends Answer>(
  document: TypedDocumentNode<Data, { input: Input }>,
  payload: (data: Data) => Result,
): Act<Input, Result> {
  const [mutate] = useMutation<Data, OperationVariables>(document);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Act<Input, Result>['problem']>(null);
  const act = async (input: Input): Promise<Result | null> => {
    setBusy(true);
    setProblem(null);
    try {
      const { data } = await mutate({ variables: { input } });
      if (!data) throw new Error('The endpoint gave no answer.');
      const result = payload(data as Data);
      if (!result.error) return result;
      setProblem(result.error);
    } catch (error) {
      setProblem({ code: 'NETWORK', message: error instanceof Error ? error.message : 'It was not done.' });
    } finally {
      setBusy(false);
    }
    return null;
  };
  const tell = useCallback(
    (message: string | null) => setProblem(message === null ? null : { code: 'INPUT', message }),
    [],
  );
  return { act, busy, problem, tell };
}
