// Creates a network on the chain.
import { useNavigate } from 'react-router';
import { ActionForm } from '../../actions/action-form.tsx';
import { CreateNetworkDocument } from '../../generated/graphql.ts';

export function CreateNetworkPage() {
  const navigate = useNavigate();
  return (
    <div className="page">
      <title>Create a network · AiOS Studio</title>
      <div className="page-head">
        <div className="page-head-text">
          <h1>Create a network</h1>
          <p className="page-sub">A network is a token of the registry. Whoever holds it owns the network.</p>
        </div>
      </div>
      <div className="narrow-form">
        <ActionForm
          document={CreateNetworkDocument}
          payload={(result) => result.createNetwork}
          input={(form, from) => ({
            name: String(form.get('name')).trim(),
            metadataURI: String(form.get('metadataURI') ?? '').trim(),
            isPublic: form.get('visibility') === 'PUBLIC',
            from,
          })}
          indexed={(result) => result.network !== null}
          onDone={(result) => void navigate(`/networks/${result.network?.id}`)}
          submit="Create network"
        >
          <div className="field">
            <label htmlFor="name">Name</label>
            <input id="name" name="name" className="input" required maxLength={64} autoComplete="off" />
          </div>
          <fieldset className="field">
            <legend>Visibility</legend>
            <label className="choice">
              <input type="radio" name="visibility" value="PUBLIC" defaultChecked />
              <span>
                Public <span className="muted">listed for everybody</span>
              </span>
            </label>
            <label className="choice">
              <input type="radio" name="visibility" value="PRIVATE" />
              <span>
                Private <span className="muted">marked as private; on a public chain nothing is secret</span>
              </span>
            </label>
          </fieldset>
          <div className="field">
            <label htmlFor="metadataURI">
              Metadata URI <span className="muted">optional</span>
            </label>
            <input
              id="metadataURI"
              name="metadataURI"
              className="input"
              spellCheck={false}
              placeholder="ipfs://…"
            />
          </div>
        </ActionForm>
      </div>
    </div>
  );
}
