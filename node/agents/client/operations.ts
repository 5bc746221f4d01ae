// The operations of the client and the shapes of their answers. A test checks each against the committed supergraph.
import type { HostAnswer, Json, LogLine } from '../runtime/runtime.ts';

export type RunStatus = 'QUEUED' | 'RUNNING' | 'WAITING' | 'COMPLETED' | 'FAILED' | 'KILLED';

export interface DeployedAgent {
  readonly deployment: { readonly id: string; readonly status: string };
  readonly version: { readonly id: string; readonly number: number; readonly cid: string };
}

export interface AgentRun {
  readonly id: string;
  readonly status: RunStatus;
  readonly trigger: string;
  readonly input: Json;
  readonly output: Json;
  readonly error: { readonly code: string; readonly message: string; readonly stack: string | null } | null;
  readonly gas: string;
  readonly cost: string;
  readonly memoryBytes: string;
  readonly wallMs: number;
  readonly digest: string | null;
  readonly engine: string | null;
  readonly digestMatches: boolean | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

export interface RunStep {
  readonly step: number;
  readonly capability: string;
  readonly status: string;
  readonly args: Json;
  readonly answer: HostAnswer | null;
}

/** All that is needed to run it again elsewhere. */
export interface RecordedRun extends AgentRun {
  readonly seed: string;
  readonly guestTime: string;
  readonly logs: readonly LogLine[];
  readonly steps: readonly RunStep[];
  readonly version: {
    readonly cid: string;
    readonly number: number;
    /** The package as `.tar.gz` in base64. */
    readonly archive: string | null;
  } | null;
}

export interface RunEvent {
  /** Where to go on after it. */
  readonly cursor: string;
  /** RFC 3339. */
  readonly at: string;
  /** queued, started, log, step, retry or finished. */
  readonly kind: string;
  readonly data: { readonly [field: string]: Json } | null;
  readonly run: { readonly status: RunStatus } | null;
}

const RUN_FIELDS = `id status trigger input output error { code message stack } gas cost memoryBytes wallMs
  digest engine digestMatches createdAt finishedAt`;
const ERROR = 'error { code message }';

export const ME = 'query Me { me { did } }';

export const CREATE_CHALLENGE = `mutation CreateSignInChallenge($input: CreateSignInChallengeInput!) {
  createSignInChallenge(input: $input) { challenge { id message } ${ERROR} } }`;

export const SIGN_IN = `mutation SignIn($input: SignInInput!) {
  signIn(input: $input) { session { accessToken refreshToken expiresAt did } ${ERROR} } }`;

export const REFRESH_SESSION = `mutation RefreshSession($input: RefreshSessionInput!) {
  refreshSession(input: $input) { session { accessToken refreshToken expiresAt did } ${ERROR} } }`;

export const DEPLOY = `mutation DeployAgent($input: DeployAgentInput!) {
  deployAgent(input: $input) { deployment { id status } version { id number cid } ${ERROR} } }`;

export const RUN = `mutation RunAgent($input: RunAgentInput!) {
  runAgent(input: $input) { run { ${RUN_FIELDS} } ${ERROR} } }`;

export const REPLAY = `mutation ReplayRun($input: ReplayRunInput!) {
  replayRun(input: $input) { run { ${RUN_FIELDS} } ${ERROR} } }`;

export const APPROVE = `mutation ApproveStep($input: ApproveStepInput!) {
  approveStep(input: $input) { run { ${RUN_FIELDS} } ${ERROR} } }`;

export const FIND_RUN = `query Run($id: ID!) { run(id: $id) { ${RUN_FIELDS} } }`;

export const FIND_RECORDING = `query RecordedRun($id: ID!) { run(id: $id) { ${RUN_FIELDS} seed guestTime
  logs { level text gas } steps { step capability status args answer } version { number cid archive } } }`;

export const RUN_EVENTS = `subscription RunEvents($run: ID!, $after: String) {
  runEvents(run: $run, after: $after) { cursor at kind data run { status } } }`;

export const OPERATIONS = {
  ME,
  CREATE_CHALLENGE,
  SIGN_IN,
  REFRESH_SESSION,
  DEPLOY,
  RUN,
  REPLAY,
  APPROVE,
  FIND_RUN,
  FIND_RECORDING,
  RUN_EVENTS,
} as const;
