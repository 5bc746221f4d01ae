// A network: its facts on the chain, its profile beside it, its communities, environments, members and roles.
import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { useParams } from 'react-router';
import {
  AddCommunityDialog,
  AddEnvironmentDialog,
  EditProfileDialog,
  GrantRoleDialog,
  type Network,
} from '../../actions/network-dialogs.tsx';
import { usePlatform } from '../../actions/use-platform.ts';
import { useLive } from '../../client/use-live.ts';
import { NetworkPageDocument, NetworkTransfersDocument } from '../../generated/graphql.ts';
import { Private } from '../../lists/network-table.tsx';
import { EmptyState, ErrorState, Skeleton, SkeletonRows } from '../../ui/states.tsx';
import { Totals } from '../../ui/totals.tsx';
import { Address, Count, Hash, Time } from '../../ui/values.tsx';

type Open = 'profile' | 'community' | 'environment' | 'role' | null;

const ZERO = `0x${'0'.repeat(40)}`;

export function NetworkPage() {
  const { id = '' } = useParams();
  const { data, loading, error, refetch } = useLive(NetworkPageDocument, { id });
  const [open, setOpen] = useState<Open>(null);
  const network = data?.network ?? undefined;
  const close = () => setOpen(null);

  if (error) {
    return (
      <div className="page">
        <h1>Network {id}</h1>
        <ErrorState what="The network could not be loaded." error={error} onRetry={refetch} />
      </div>
    );
  }
  if (!network && !loading) {
    return (
      <div className="page">
        <title>Not found · AiOS Studio</title>
        <h1>Network {id}</h1>
        <EmptyState title="No such network is indexed.">
          If it was created a moment ago, this page fills by itself when its block is indexed.
        </EmptyState>
      </div>
    );
  }
  return (
    <div className="page">
      <title>{`${network?.name ?? 'Network'} · AiOS Studio`}</title>
      <Head network={network} onOpen={setOpen} />
      <Totals
        label="Counts"
        totals={[
          { name: 'Members', value: network && <Count value={network.memberCount} /> },
          { name: 'Communities', value: network && <Count value={network.communityCount} /> },
          { name: 'Environments', value: network && <Count value={network.environmentCount} /> },
          { name: 'Visibility', value: network && (network.isPublic ? 'Public' : 'Private') },
        ]}
      />
      <div className="columns columns-main">
        <div>
          <Members network={network} onGrant={() => setOpen('role')} />
          <Communities network={network} />
          <Environments network={network} />
          <Grants network={network} />
        </div>
        <div>
          <Profile network={network} onEdit={() => setOpen('profile')} />
          <Facts network={network} />
          <Ownership id={id} />
        </div>
      </div>
      {network && open === 'profile' && <EditProfileDialog network={network} onClose={close} />}
      {network && open === 'community' && <AddCommunityDialog network={network} onClose={close} />}
      {network && open === 'environment' && <AddEnvironmentDialog network={network} onClose={close} />}
      {network && open === 'role' && <GrantRoleDialog network={network} onClose={close} />}
    </div>
  );
}

interface Part {
  readonly network: Network | undefined;
}

function Head({ network, onOpen }: Part & { readonly onOpen: (open: Open) => void }) {
  const platform = usePlatform();
  // The devnet signs for its own accounts, whoever is at the browser; elsewhere only those who may edit are offered to.
  const acts =
    network &&
    (network.viewerCanEdit ||
      (platform?.devnet && platform.devnetAccounts.some(({ address }) => address === network.owner)));
  return (
    <div className="page-head">
      <div className="page-head-text">
        <div className="page-title">
          <h1>{network?.name ?? <Skeleton width="220px" />}</h1>
          {network && <Private network={network} />}
        </div>
        <div className="page-sub">
          {network ? (
            <>
              <span className="num">Network {network.id}</span>
              <span>
                owned by <Address value={network.owner} />
              </span>
              <span>
                created <Time at={network.createdAt} />
              </span>
            </>
          ) : (
            <Skeleton width="320px" />
          )}
        </div>
      </div>
      <div className="page-actions">
        {acts && (
          <>
            <button type="button" className="button" onClick={() => onOpen('community')}>
              Add community
            </button>
            <button type="button" className="button" onClick={() => onOpen('environment')}>
              Add environment
            </button>
            <button type="button" className="button" onClick={() => onOpen('role')}>
              Grant role
            </button>
          </>
        )}
      </div>
    </div>
  );
}

function Members({ network, onGrant }: Part & { readonly onGrant: () => void }) {
  const members = network?.members.filter(({ active }) => active);
  return (
    <section className="section" aria-labelledby="members">
      <div className="section-head">
        <h2 id="members">Members and roles</h2>
      </div>
      {members?.length === 0 ? (
        <EmptyState title="Nobody but the owner holds a role.">
          <button type="button" className="text-button" onClick={onGrant}>
            Grant a role
          </button>{' '}
          to let an account act for the network.
        </EmptyState>
      ) : (
        <table className="list" aria-busy={!network}>
          <thead>
            <tr>
              <th scope="col">Account</th>
              <th scope="col">Roles</th>
              <th scope="col" className="r w-s">
                Joined
              </th>
            </tr>
          </thead>
          <tbody>
            {members ? (
              members.map((member) => (
                <tr key={member.id}>
                  <td>
                    <Address value={member.address} />
                  </td>
                  <td>{member.roles.map(roleText).join(', ')}</td>
                  <td className="r muted">
                    <Time at={member.joinedAt} />
                  </td>
                </tr>
              ))
            ) : (
              <SkeletonRows rows={4} columns={['', '', 'r']} />
            )}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** ADMIN → Admin; a role without a known name stays the hash it is. */
function roleText(role: string): string {
  return role.startsWith('0x') ? `${role.slice(0, 10)}…` : role.slice(0, 1) + role.slice(1).toLowerCase();
}

function Communities({ network }: Part) {
  const communities = network?.communities.filter(({ removed }) => !removed);
  return (
    <section className="section" aria-labelledby="communities">
      <div className="section-head">
        <h2 id="communities">Communities</h2>
      </div>
      {communities?.length === 0 ? (
        <EmptyState title="No communities.">
          A community groups members, such as Suppliers or Customers.
        </EmptyState>
      ) : (
        <table className="list" aria-busy={!network}>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col" className="r w-m">
                Environments
              </th>
              <th scope="col" className="r w-s">
                Age
              </th>
            </tr>
          </thead>
          <tbody>
            {communities && network ? (
              communities.map((community) => (
                <tr key={community.id}>
                  <td>{community.name}</td>
                  <td className="r">
                    <Count
                      value={
                        network.environments.filter(
                          (one) => !one.removed && one.community?.id === community.id,
                        ).length
                      }
                    />
                  </td>
                  <td className="r muted">
                    <Time at={community.createdAt} />
                  </td>
                </tr>
              ))
            ) : (
              <SkeletonRows rows={2} columns={['', 'r', 'r']} />
            )}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Environments({ network }: Part) {
  const environments = network?.environments.filter(({ removed }) => !removed);
  return (
    <section className="section" aria-labelledby="environments">
      <div className="section-head">
        <h2 id="environments">Environments</h2>
      </div>
      {environments?.length === 0 ? (
        <EmptyState title="No environments.">
          An environment is an isolated space for tools, of the network or of one community.
        </EmptyState>
      ) : (
        <table className="list" aria-busy={!network}>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Serves</th>
              <th scope="col" className="r w-s">
                Age
              </th>
            </tr>
          </thead>
          <tbody>
            {environments ? (
              environments.map((environment) => (
                <tr key={environment.id}>
                  <td>{environment.name}</td>
                  <td>{environment.community?.name ?? <span className="muted">The whole network</span>}</td>
                  <td className="r muted">
                    <Time at={environment.createdAt} />
                  </td>
                </tr>
              ))
            ) : (
              <SkeletonRows rows={2} columns={['', '', 'r']} />
            )}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Grants({ network }: Part) {
  if (network?.roleGrants.length === 0) return null;
  return (
    <section className="section" aria-labelledby="grants">
      <div className="section-head">
        <h2 id="grants">Role history</h2>
      </div>
      <table className="list" aria-busy={!network}>
        <thead>
          <tr>
            <th scope="col">Role</th>
            <th scope="col" className="w-a">
              Account
            </th>
            <th scope="col" className="mid w-a">
              By
            </th>
            <th scope="col" className="r w-s">
              When
            </th>
          </tr>
        </thead>
        <tbody>
          {network ? (
            network.roleGrants.map((grant) => (
              <tr key={grant.id}>
                <td>
                  {grant.active ? 'Granted' : 'Revoked'} {roleText(grant.roleName)}
                </td>
                <td>
                  <Address value={grant.account} />
                </td>
                <td className="mid">
                  <Address value={grant.revokedBy ?? grant.grantedBy} />
                </td>
                <td className="r muted">
                  <Time at={grant.revokedAt ?? grant.grantedAt} />
                </td>
              </tr>
            ))
          ) : (
            <SkeletonRows rows={4} columns={['', '', 'mid', 'r']} />
          )}
        </tbody>
      </table>
    </section>
  );
}

function Profile({ network, onEdit }: Part & { readonly onEdit: () => void }) {
  const profile = network?.profile;
  return (
    <section className="section" aria-labelledby="profile">
      <div className="section-head">
        <h2 id="profile">Profile</h2>
        {network?.viewerCanEdit && (
          <button type="button" className="button button-small" onClick={onEdit}>
            Edit profile
          </button>
        )}
      </div>
      <div className="aside-body">
        {!network ? (
          <>
            <Skeleton width="90%" />
            <br />
            <Skeleton width="60%" />
          </>
        ) : profile ? (
          <>
            <p className="prose">{profile.description || 'No description.'}</p>
            {profile.site && /^https?:\/\//.test(profile.site) && (
              <p>
                <a className="link" href={profile.site} rel="noreferrer nofollow ugc" target="_blank">
                  {profile.site.replace(/^https?:\/\//, '')}
                </a>
              </p>
            )}
            <div className="tags">
              {profile.tags.map((tag) => (
                <a key={tag} className="badge" href={`/directory?tag=${encodeURIComponent(tag)}`}>
                  {tag}
                </a>
              ))}
            </div>
          </>
        ) : (
          <p className="muted">The owner has not written a profile yet.</p>
        )}
      </div>
    </section>
  );
}

function Facts({ network }: Part) {
  return (
    <section className="section" aria-labelledby="facts">
      <div className="section-head">
        <h2 id="facts">On the chain</h2>
      </div>
      <dl className="facts">
        <div>
          <dt>Token</dt>
          <dd className="num">{network ? network.id : <Skeleton width="40px" />}</dd>
        </div>
        <div>
          <dt>Owner</dt>
          <dd>{network ? <Address value={network.owner} /> : <Skeleton width="110px" />}</dd>
        </div>
        <div>
          <dt>Creator</dt>
          <dd>{network ? <Address value={network.creator} /> : <Skeleton width="110px" />}</dd>
        </div>
        <div>
          <dt>Created</dt>
          <dd>
            {network ? (
              <span>
                <Time at={network.createdAt} />
                <span className="muted num">
                  {' '}
                  · block <Count value={network.createdAtBlock} />
                </span>
              </span>
            ) : (
              <Skeleton width="110px" />
            )}
          </dd>
        </div>
        <div>
          <dt>Transaction</dt>
          <dd>
            {network ? (
              <Hash value={network.createdTransaction} label="transaction hash" />
            ) : (
              <Skeleton width="130px" />
            )}
          </dd>
        </div>
        <div>
          <dt>Changed</dt>
          <dd>{network ? <Time at={network.updatedAt} /> : <Skeleton width="60px" />}</dd>
        </div>
        <div>
          <dt>Metadata</dt>
          <dd>
            {!network ? (
              <Skeleton width="130px" />
            ) : network.metadataURI ? (
              <Hash value={network.metadataURI} label="metadata URI" head={14} />
            ) : (
              <span className="muted">none</span>
            )}
          </dd>
        </div>
      </dl>
    </section>
  );
}

function Ownership({ id }: { readonly id: string }) {
  const { data } = useQuery(NetworkTransfersDocument, { variables: { network: id } });
  const transfers = data?.networkTransfers.filter(({ from }) => from !== ZERO);
  // Most networks never change hands; their creation is among the facts already.
  if (!transfers?.length) return null;
  return (
    <section className="section" aria-labelledby="ownership">
      <div className="section-head">
        <h2 id="ownership">Changes of owner</h2>
      </div>
      <dl className="facts">
        {transfers.map((transfer) => (
          <div key={transfer.id}>
            <dt>
              <Time at={transfer.timestamp} />
            </dt>
            <dd>
              to&nbsp;
              <Address value={transfer.to} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
