// Stands where something is shown to signed-in people only.
import type { ReactNode } from 'react';
import { useSession } from './session-context.tsx';

export function SignInFirst({ children }: { readonly children: ReactNode }) {
  const { signIn } = useSession();
  return (
    <div className="state">
      <div>
        <p className="state-title">Sign in first.</p>
        <div className="state-detail">{children}</div>
        <button type="button" className="button button-primary" onClick={signIn}>
          Sign in
        </button>
      </div>
    </div>
  );
}
