// One proof: its stages live, what it shows and says, and its verification on chain.
import { Link, useParams } from 'react-router';
import { useSession } from '../../app/session-context.tsx';
import { SignInFirst } from '../../app/sign-in-first.tsx';
import { ProofPanel } from '../../prover/proof-panel.tsx';

export function ProofPage() {
  const { id = '' } = useParams();
  const { session } = useSession();
  return (
    <div className="page">
      <title>Proof · AiOS Studio</title>
      <div className="page-head">
        <div className="page-head-text">
          <h1>Proof {id.slice(0, 8)}</h1>
          <p className="page-sub">
            <Link className="link" to="/prover">
              Prover
            </Link>
          </p>
        </div>
      </div>
      <div className="proof-page">
        {session ? (
          <ProofPanel key={id} id={id} />
        ) : (
          <SignInFirst>A proof is shown to whoever asked for it.</SignInFirst>
        )}
      </div>
    </div>
  );
}
