// The two ways a handler can fail. Which one it is decides whether the deployment fails or the block is tried again.

/** The mapping is at fault: every node would fail here, so trying again is pointless. */
export class DeterministicError extends Error {
  override readonly name = 'DeterministicError';
}

/** The surroundings are at fault (database, RPC, a closing process): the same block may succeed later. */
export class HostUnavailableError extends Error {
  override readonly name = 'HostUnavailableError';
}
