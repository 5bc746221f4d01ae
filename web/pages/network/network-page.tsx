// A network: its facts on the chain, its profile beside it, its communities, environments, members and roles.
import { useState } from 'react';
import { useParams } from 'react-router';
import {
  AddCommunityDialog,
  AddEnvironmentDialog,
  EditProfileDialog,
  GrantRoleDialog,
} from '../../actions/network-dialogs.tsx';
import { usePlatform } from '../../actions/use-platform.ts';
import { useLive } from '../../client/use-live.ts';
import { NetworkPageDocument } from '../../generated/graphql.ts';
import { Private } from '../../lists/network-table.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import { Totals } from '../../ui/totals.tsx';
import { Address, Count, Time } from '../../ui/values.tsx';
import {
  Communities,
  Environments,
  Facts,
  Grants,
  Members,
  Ownership,
  type Part,
  Profile,
} from './network-sections.tsx';

type Open = 'profile' | 'community' | 'environment' | 'role' | null;

export function NetworkPage() {
  const { id = '' } = useParams();
  const { data, loading, error, refetch } = useLive(NetworkPageDocument, { id });
  const [open, setOpen] = useState<Open>(null);
  const network = data?.network ?? undefined;
  const close = () => setOpen(null);
  const platform = usePlatform();
  // The devnet signs for its own accounts, whoever is at the browser; elsewhere only those who may edit are offered to.
  const acts = Boolean(
    network &&
      (network.viewerCanEdit ||
        (platform?.devnet && platform.devnetAccounts.some(({ address }) => address === network.owner))),
  );
  const offer = (action: Open) => (acts ? () => setOpen(action) : undefined);

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
      <Head network={network} />
      <Totals
        label="Counts"
        totals={[
          { name: 'Members', value: network && <Count value={network.memberCount} /> },
          { name: 'Communities', value: network && <Count value={network.communityCount} /> },
          { name: 'Environments', value: network && <Count value={network.environmentCount} /> },
          { name: 'Visibility', value: network && (network.isPublic ? 'Public' : 'Private') },
        ]}
      />
      <div className="columns columns-main" data-loading={!network}>
        <div>
          <Members network={network} onGrant={offer('role')} />
          <Communities network={network} onAdd={offer('community')} />
          <Environments network={network} onAdd={offer('environment')} />
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

function Head({ network }: Part) {
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
    </div>
  );
}
