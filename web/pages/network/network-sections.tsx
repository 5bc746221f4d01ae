// The sections of a network's page: members, communities, environments, roles; profile, facts, changes of owner.
import { useQuery } from '@apollo/client/react';
import type { Network } from '../../actions/network-dialogs.tsx';
import { NetworkTransfersDocument } from '../../generated/graphql.ts';
import { networkDescription } from '../../ui/metadata.ts';
import { EmptyState, Skeleton, SkeletonRows } from '../../ui/states.tsx';
import { Address, Count, Hash, SiteLink, Time } from '../../ui/values.tsx';

const ZERO = `0x${'0'.repeat(40)}`;

export interface Part {
  readonly network: Network | undefined;
}

export function Members({ network, onGrant }: Part & { readonly onGrant: (() => void) | undefined }) {
  const members = network?.members.filter(({ active }) => active);
  return (
    <section className="section" aria-labelledby="members">
      <div className="section-head">
        <h2 id="members">Members and roles</h2>
        <AddButton onClick={onGrant}>Grant role</AddButton>
      </div>
      {members?.length === 0 ? (
        <EmptyState title="Nobody but the owner holds a role.">
          A role lets another account act for the network.
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

/** An action of the network's owner, beside the heading of what it adds to; nothing for everybody else. */
function AddButton({
  onClick,
  children,
}: {
  readonly onClick: (() => void) | undefined;
  readonly children: string;
}) {
  if (!onClick) return null;
  return (
    <button type="button" className="button button-small" onClick={onClick}>
      {children}
    </button>
  );
}

/** ADMIN → Admin; a role without a known name stays the hash it is. */
function roleText(role: string): string {
  return role.startsWith('0x') ? `${role.slice(0, 10)}…` : role.slice(0, 1) + role.slice(1).toLowerCase();
}

export function Communities({ network, onAdd }: Part & { readonly onAdd: (() => void) | undefined }) {
  const communities = network?.communities.filter(({ removed }) => !removed);
  return (
    <section className="section" aria-labelledby="communities">
      <div className="section-head">
        <h2 id="communities">Communities</h2>
        <AddButton onClick={onAdd}>Add community</AddButton>
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

export function Environments({ network, onAdd }: Part & { readonly onAdd: (() => void) | undefined }) {
  const environments = network?.environments.filter(({ removed }) => !removed);
  return (
    <section className="section" aria-labelledby="environments">
      <div className="section-head">
        <h2 id="environments">Environments</h2>
        <AddButton onClick={onAdd}>Add environment</AddButton>
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

export function Grants({ network }: Part) {
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

export function Profile({ network, onEdit }: Part & { readonly onEdit: () => void }) {
  const profile = network?.profile;
  const description = network ? networkDescription(network) : null;
  const site = profile?.site ?? network?.metadata?.site;
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
        ) : profile || description ? (
          <>
            <p className="prose">{description ?? 'No description.'}</p>
            {site && (
              <p>
                <SiteLink url={site} />
              </p>
            )}
            {profile && (
              <div className="tags">
                {profile.tags.map((tag) => (
                  <a key={tag} className="badge" href={`/directory?tag=${encodeURIComponent(tag)}`}>
                    {tag}
                  </a>
                ))}
              </div>
            )}
          </>
        ) : (
          <p className="muted">The owner has not written a profile yet.</p>
        )}
      </div>
    </section>
  );
}

export function Facts({ network }: Part) {
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

export function Ownership({ id }: { readonly id: string }) {
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
