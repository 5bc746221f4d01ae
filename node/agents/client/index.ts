// The client's public door: what `import … from 'aios-studio/client'` gives.
export { AiosError } from '#node/platform/errors.ts';
export type { HostAnswer, Json, LogLine } from '../runtime/runtime.ts';
export { AiosClient, type ClientOptions, type Credentials, type DeployInput } from './aios-client.ts';
export type { StreamOptions } from './event-stream.ts';
export type { AgentRun, DeployedAgent, RecordedRun, RunEvent, RunStatus, RunStep } from './operations.ts';
export { didSigner, type MessageWallet, type Signer, walletSigner } from './signer.ts';
