// What the owner of a network can do to it: profile, communities, environments, roles.
import { useMutation } from '@apollo/client/react';
import { type FormEvent, useState } from 'react';
import {
  AddCommunityDocument,
  AddEnvironmentDocument,
  GrantRoleDocument,
  type NetworkPageQuery,
  UpdateNetworkProfileDocument,
} from '../generated/graphql.ts';
import { Dialog } from '../ui/dialog.tsx';
import { ActionForm } from './action-form.tsx';

export type Network = NonNullable<NetworkPageQuery['network']>;

interface Props {
  readonly network: Network;
  readonly onClose: () => void;
}

const ROLES = ['ADMIN', 'OPERATOR', 'MEMBER', 'AUDITOR'] as const;
const roleHints: Record<(typeof ROLES)[number], string> = {
  ADMIN: 'manages roles, communities and the profile',
  OPERATOR: 'manages communities and environments',
  MEMBER: 'takes part',
  AUDITOR: 'reads',
};

export function AddCommunityDialog({ network, onClose }: Props) {
  return (
    <Dialog title="Add a community" onClose={onClose}>
      <ActionForm
        document={AddCommunityDocument}
        payload={(result) => result.addCommunity}
        input={(form, from) => ({ networkId: network.id, name: String(form.get('name')).trim(), from })}
        indexed={(result) => result.community !== null}
        onDone={onClose}
        submit="Add community"
        preferredFrom={network.owner}
      >
        <NameField hint="A group inside the network, such as Suppliers." />
      </ActionForm>
    </Dialog>
  );
}

export function AddEnvironmentDialog({ network, onClose }: Props) {
  const communities = network.communities.filter(({ removed }) => !removed);
  return (
    <Dialog title="Add an environment" onClose={onClose}>
      <ActionForm
        document={AddEnvironmentDocument}
        payload={(result) => result.addEnvironment}
        input={(form, from) => ({
          networkId: network.id,
          communityId: String(form.get('community') ?? '') || null,
          name: String(form.get('name')).trim(),
          from,
        })}
        indexed={(result) => result.environment !== null}
        onDone={onClose}
        submit="Add environment"
        preferredFrom={network.owner}
      >
        <NameField hint="An isolated space for tools, such as Production." />
        <div className="field">
          <label htmlFor="community">Serves</label>
          <select id="community" name="community" className="input" defaultValue="">
            <option value="">The whole network</option>
            {communities.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </div>
      </ActionForm>
    </Dialog>
  );
}

export function GrantRoleDialog({ network, onClose }: Props) {
  return (
    <Dialog title="Grant a role" onClose={onClose}>
      <ActionForm
        document={GrantRoleDocument}
        payload={(result) => result.grantRole}
        input={(form, from) => {
          const account = String(form.get('account')).trim().toLowerCase();
          if (!/^0x[0-9a-f]{40}$/.test(account))
            throw new Error('The account is an address: 0x and 40 hexadecimal digits.');
          const role = ROLES.find((one) => one === form.get('role')) ?? 'MEMBER';
          return { networkId: network.id, role, account, from };
        }}
        indexed={(result) => result.roleGrant !== null}
        onDone={onClose}
        submit="Grant role"
        preferredFrom={network.owner}
      >
        <div className="field">
          <label htmlFor="account">Account</label>
          <input
            id="account"
            name="account"
            className="input mono"
            required
            spellCheck={false}
            placeholder="0x…"
          />
        </div>
        <fieldset className="field">
          <legend>Role</legend>
          {ROLES.map((role) => (
            <label key={role} className="choice">
              <input type="radio" name="role" value={role} defaultChecked={role === 'MEMBER'} />
              <span>
                {role[0] + role.slice(1).toLowerCase()} <span className="muted">{roleHints[role]}</span>
              </span>
            </label>
          ))}
        </fieldset>
      </ActionForm>
    </Dialog>
  );
}

export function EditProfileDialog({ network, onClose }: Props) {
  const [mutate, { loading }] = useMutation(UpdateNetworkProfileDocument);
  const [problem, setProblem] = useState<string | null>(null);
  const profile = network.profile;

  async function save(form: FormData): Promise<void> {
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const { data } = await mutate({
      variables: {
        input: {
          networkId: network.id,
          description: text('description') || null,
          site: text('site') || null,
          tags: [
            ...new Set(
              text('tags')
                .toLowerCase()
                .split(/[,\s]+/)
                .filter(Boolean),
            ),
          ],
          logoCid: text('logoCid') || null,
        },
      },
    });
    const error = data?.updateNetworkProfile.error;
    if (error) throw new Error(error.message);
    onClose();
  }

  function onSubmit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    setProblem(null);
    save(new FormData(event.currentTarget)).catch((error: unknown) =>
      setProblem(error instanceof Error ? error.message : 'The profile was not saved.'),
    );
  }

  return (
    <Dialog title="Edit profile" onClose={onClose}>
      <form className="form" onSubmit={onSubmit}>
        <p className="muted">Kept beside the chain, not on it; searched by the directory.</p>
        <div className="field">
          <label htmlFor="description">Description</label>
          <textarea
            id="description"
            name="description"
            className="input"
            defaultValue={profile?.description ?? ''}
          />
        </div>
        <div className="field">
          <label htmlFor="site">Site</label>
          <input
            id="site"
            name="site"
            className="input"
            type="url"
            defaultValue={profile?.site ?? ''}
            placeholder="https://"
          />
        </div>
        <div className="field">
          <label htmlFor="tags">Tags</label>
          <input
            id="tags"
            name="tags"
            className="input"
            defaultValue={profile?.tags.join(', ') ?? ''}
            placeholder="logistics, energy"
          />
          <span className="hint">Words with commas between them.</span>
        </div>
        <div className="field">
          <label htmlFor="logoCid">Logo CID</label>
          <input
            id="logoCid"
            name="logoCid"
            className="input mono"
            spellCheck={false}
            defaultValue={profile?.logoCid ?? ''}
          />
        </div>
        <div className="form-actions">
          <button type="submit" className="button button-primary" disabled={loading}>
            {loading ? 'Saving…' : 'Save profile'}
          </button>
        </div>
        <div role="status">{problem && <p className="notice notice-bad">{problem}</p>}</div>
      </form>
    </Dialog>
  );
}

function NameField({ hint }: { readonly hint: string }) {
  return (
    <div className="field">
      <label htmlFor="name">Name</label>
      <input id="name" name="name" className="input" required maxLength={64} autoComplete="off" />
      <span className="hint">{hint}</span>
    </div>
  );
}
