// The routes. Home comes with the first load, every other page in its own chunk, fetched ahead once the browser is idle;
// GraphiQL, which brings an editor of several megabytes, only when it is opened.
import { type ComponentType, lazy, Suspense, useEffect } from 'react';
import { Route, Routes } from 'react-router';
import { HomePage } from '../pages/home/home-page.tsx';
import { Skeleton } from '../ui/states.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { Shell } from './shell.tsx';

type Load = () => Promise<{ default: ComponentType }>;

const pages = {
  directory: () =>
    import('../pages/directory/directory-page.tsx').then((m) => ({ default: m.DirectoryPage })),
  create: () =>
    import('../pages/create/create-network-page.tsx').then((m) => ({ default: m.CreateNetworkPage })),
  network: () => import('../pages/network/network-page.tsx').then((m) => ({ default: m.NetworkPage })),
  agent: () => import('../pages/agent/agent-page.tsx').then((m) => ({ default: m.AgentPage })),
  market: () => import('../pages/market/market-page.tsx').then((m) => ({ default: m.MarketPage })),
  account: () => import('../pages/account/account-page.tsx').then((m) => ({ default: m.AccountPage })),
  studio: () => import('../pages/studio/studio-page.tsx').then((m) => ({ default: m.StudioPage })),
  template: () => import('../pages/studio/template-page.tsx').then((m) => ({ default: m.TemplatePage })),
  agentStudio: () =>
    import('../pages/studio/agent-studio-page.tsx').then((m) => ({ default: m.AgentStudioPage })),
  run: () => import('../pages/run/run-page.tsx').then((m) => ({ default: m.RunPage })),
  prover: () => import('../pages/prover/prover-page.tsx').then((m) => ({ default: m.ProverPage })),
  proof: () => import('../pages/prover/proof-page.tsx').then((m) => ({ default: m.ProofPage })),
  chain: () => import('../pages/chain/chain-page.tsx').then((m) => ({ default: m.ChainPage })),
  block: () => import('../pages/chain/block-page.tsx').then((m) => ({ default: m.BlockPage })),
  transaction: () =>
    import('../pages/chain/transaction-page.tsx').then((m) => ({ default: m.TransactionPage })),
  chainAccount: () =>
    import('../pages/chain/chain-account-page.tsx').then((m) => ({ default: m.ChainAccountPage })),
  validator: () => import('../pages/chain/validator-page.tsx').then((m) => ({ default: m.ValidatorPage })),
  path: () => import('../pages/path/path-page.tsx').then((m) => ({ default: m.PathPage })),
  status: () => import('../pages/status/status-page.tsx').then((m) => ({ default: m.StatusPage })),
} satisfies Record<string, Load>;

const Directory = lazy(pages.directory);
const Create = lazy(pages.create);
const Network = lazy(pages.network);
const Agent = lazy(pages.agent);
const Market = lazy(pages.market);
const Account = lazy(pages.account);
const Studio = lazy(pages.studio);
const Template = lazy(pages.template);
const AgentStudio = lazy(pages.agentStudio);
const Run = lazy(pages.run);
const Prover = lazy(pages.prover);
const Proof = lazy(pages.proof);
const Chain = lazy(pages.chain);
const Block = lazy(pages.block);
const Transaction = lazy(pages.transaction);
const ChainAccount = lazy(pages.chainAccount);
const Validator = lazy(pages.validator);
const Path = lazy(pages.path);
const Status = lazy(pages.status);
const GraphiQL = lazy(() =>
  import('../pages/graphiql/graphiql-page.tsx').then((m) => ({ default: m.GraphiQLPage })),
);

export function App() {
  useEffect(() => {
    const ahead = () => Object.values(pages).forEach((load) => void load().catch(() => undefined));
    const timer = setTimeout(ahead, 1500);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Shell>
      <Suspense fallback={<Opening />}>
        <Routes>
          <Route path="/" element={<HomePage />} />
          <Route path="/directory" element={<Directory />} />
          <Route path="/networks/new" element={<Create />} />
          <Route path="/networks/:id" element={<Network />} />
          <Route path="/agents/:id" element={<Agent />} />
          <Route path="/accounts/:address" element={<Account />} />
          <Route path="/market" element={<Market />} />
          <Route path="/agents/:id/studio" element={<AgentStudio />} />
          <Route path="/studio" element={<Studio />} />
          <Route path="/studio/templates/:id" element={<Template />} />
          <Route path="/runs/:id" element={<Run />} />
          <Route path="/prover" element={<Prover />} />
          <Route path="/proofs/:id" element={<Proof />} />
          <Route path="/chain" element={<Chain />} />
          <Route path="/chain/block/:id" element={<Block />} />
          <Route path="/chain/transaction/:id" element={<Transaction />} />
          <Route path="/chain/account/:address" element={<ChainAccount />} />
          <Route path="/chain/validator/:address" element={<Validator />} />
          <Route path="/path" element={<Path />} />
          <Route path="/status" element={<Status />} />
          <Route path="/graphiql" element={<GraphiQL />} />
          <Route path="*" element={<NotFoundPage />} />
        </Routes>
      </Suspense>
    </Shell>
  );
}

/** Stands where a page's heading will be while its chunk loads. */
function Opening() {
  return (
    <div className="page" aria-busy="true">
      <div className="page-head">
        <h1>
          <Skeleton width="180px" />
        </h1>
      </div>
    </div>
  );
}
