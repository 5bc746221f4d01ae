// What mends a run that did not complete, by the code of its error.
export const FIXES: Readonly<Record<string, string>> = {
  AGENT_THREW:
    'The agent’s own code threw. Mend it in the studio and deploy the next version, or give an input that it takes.',
  CODE_INVALID:
    'The code could not be loaded. Look at the entry and its imports, then deploy the next version.',
  OUT_OF_MEMORY: 'Raise limits.memoryBytes in agent.json, or hold less at once.',
  OUT_OF_GAS: 'Raise limits.gas in agent.json, or do less in one run.',
  DEADLINE_EXCEEDED: 'Raise limits.deadlineMs in agent.json, or do less in one run.',
  OUTPUT_TOO_LARGE: 'Raise limits.outputBytes in agent.json, or answer less.',
  TOO_MANY_CALLS: 'Raise limits.hostCalls in agent.json, or ask for more in one call.',
  CANCELLED: 'Somebody ended it. Run it again.',
  ENGINE_CRASHED: 'The engine broke, not the agent. Run it again.',
  REPLAY_DIVERGED:
    'The replay asked something else than the run it repeats: the record or the code is not the same.',
  REPLAY_ENGINE: 'Another engine runs here than the run was made with: replay it with that one.',
};
