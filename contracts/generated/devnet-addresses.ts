// Generated from contracts/deployment-plan.ts by contracts/generate.mjs. Do not edit.

/** Where the contracts stand on every devnet: CREATE2 addresses, the same on each chain for the same code and parties. */
export const devnetAddresses = {
  aiosToken: '0x2e4346E121D59ea964049365092215dc662C9066',
  networkRegistry: '0x2D41Af2E34522950FF3ff94cD66dE7Feb3bc0dA5',
  agentRegistry: '0xB17db1e7638c2edfC5896fC67D331cda3791bA05',
  aiNft: '0xA510a0BA7BCb208b6861A1739845268B2DfE7810',
  feePolicy: '0xFc36a534E30E4C288F50F6adD2b6f691d05A5BB8',
  marketplace: '0x88FF507Eeb12f2C497d1Ff0A94D3497632E902c0',
  modelRegistry: '0x786556d7b3565263819DcC7C4456de4F6B08Fd1d',
  proofRegistry: '0x9565F93eDd3328700E108d4C6a4368a9ba329CB5',
  runAnchor: '0x9618F91569D8C923618Db982006aC5BB8312DCDe',
} as const;
